"""What headline, lead and body say again. The sentences are invented."""

import pytest

from extract import quantities, repeats, sentences
from extract.offsets import Row


def kept(text: str, lead: int = 0) -> list[str]:
    found = repeats.without_repeats(quantities.find(text), lead, Row(sentences.sentences(text)))
    return [text[q.start : q.end] for q in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the same number of the same thing
        ("慰问职工2690人。全市共慰问2690人。", ["2690人"]),
        ("组织80名一线职工疗休养。80名职工来自各县。", ["80名"]),
        ("为17家爱心驿站授牌。17家站点中，社区有6家。", ["17家", "6家"]),
        ("80名女职工获得救助。80人如何选出？", ["80名"]),
        ("当天签约210人。图为210人签约。", ["210人"]),
        # the same number of other things
        ("建成47家驿站。今年有47家企业送来饮料。", ["47家", "47家"]),
        ("甲县20名；乙县20名；丙县20名。", ["20名", "20名", "20名"]),
        ("10家单位与10家企业签约。", ["10家", "10家"]),
        ("培训1500万元；创业1500万元以内。", ["1500万元", "1500万元以内"]),
        # a label of the sentence below it
        ("【42.5吨】帮销大米42.5吨。", ["42.5吨"]),
        ("3.4万人次\n全年服务3.4万人次。", ["3.4万人次"]),
        ("【3.4万】职工参保。", ["3.4万"]),
        # under and over are not one number
        ("惠及近百万职工。超过百万职工在当地过年。", ["近百万", "超过百万"]),
    ],
)
def test_body(text: str, expected: list[str]) -> None:
    assert kept(text) == expected


def test_headline_gives_way_to_the_text() -> None:
    head = "近600名职工走上赛场\n"
    assert kept(head + "参赛职工583名，设12个赛项。", len(head)) == ["583名", "12个"]
