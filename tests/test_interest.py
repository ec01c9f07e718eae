"""Which pages of general papers are union news."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import interest
from crawler.interest import of_union_interest
from extract import layout
from extract.model import Draft

SHARED = Path(__file__).resolve().parents[2] / "shared"

UNION = [
    ("清河县送出八百份清凉", "本报讯 昨日，清河县总工会走进三个工地，为800名户外劳动者送去防暑物资。"),
    ("码头上的姜茶", "本报讯（记者 白术）青屿市总工会冬送温暖，612名装卸工领到防寒手套。"),
    ("职工书屋又添新书", "云溪县为20家企业的职工书屋配书9000册。"),
    ("工资协商，谈出涨薪两成", "青屿船厂的工资集体协商进行了三轮，职工方首席代表说，今年人均涨薪420元。"),
    ("他带出了37名徒弟", "全国劳动模范、铆工老檀的创新工作室里，徒弟们正在备战劳动竞赛。"),
    ("九家企业签下女职工专项集体合同", "合同约定哺乳室、体检和产假待遇，覆盖女职工1300人。"),
    ("货车司机有了自己的家", "青屿市货车司机工会联合会昨天成立，首批会员260人。"),
    ("助学金到账", "开学前，310名困难职工子女收到金秋助学款，共计93万元。"),
    ("医疗互助报销不用跑腿", "职工医疗互助今年赔付2.1万人次，最快两天到账。"),
    ("县里评出20名“五一劳动奖章”", "表彰会上，电焊工、护士和环卫工人走上了台。"),
    ("驿站地图上线", "全市428个户外劳动者服务站点可以在手机上查到。"),
    (None, "云溪县教育工会召开代表大会，选举产生新一届工会委员会。"),
    ("厂务公开进车间", "职代会的27件提案，件件有了回音，职工代表现场打分。"),
    ("欠薪要回来了", "在总工会法律援助律师帮助下，43名农民工拿回工资61万元。"),
    ("市总部署四季度工作", "会议要求，各级工会抓好新就业形态劳动者建会入会。"),
]
OTHER = [
    (
        "全市教育大会召开",
        "市委书记出席并讲话。市人大常委会副主任、市总工会主席檀某主持会议。" + "会议强调立德树人。" * 20,
    ),
    (
        "化工园区事故调查组成立",
        "由应急、公安、" + "工会等部门派员组成的调查组昨天进驻园区，查明原因。" + "救援仍在继续。" * 20,
    ),
    ("地铁二号线试运行", "二号线全长31公里，设站24座，计划年底前载客。" + "沿线居民盼望已久。" * 10),
    ("球员工会与联盟达成协议", "NBA球员工会昨天宣布，新的劳资协议将持续七年。"),
    ("美国汽车工人罢工进入第三周", "美国汽车工会说，谈判仍没有进展，罢工可能扩大。"),
    ("新游戏公测", "玩家可以加入工会，和好友一起组队打怪，赢取装备。" + "画面精美，玩法多样。" * 10),
    ("公司公告", "监事会由三人组成，其中职工代表监事一名。" + "公司上半年营收增长一成。" * 20),
    ("妇女节，她们登上舞台", "演出由市妇联主办。" + "歌声悠扬，掌声不断。" * 20 + "市总工会等五家单位协办。"),
    ("小区加装电梯", "居民老李退休前是厂里的工会主席，这回当上了楼组长。" + "电梯一天就装好了。" * 20),
    ("菜价回落", "蔬菜批发价连续三周下降，黄瓜每公斤2.6元。"),
    ("", ""),
    (None, "明天多云转小雨，最高气温18℃。"),
]


@pytest.mark.parametrize(("title", "text"), UNION, ids=lambda value: (value or "")[:12])
def test_union_news(title: str | None, text: str) -> None:
    assert of_union_interest(title, text)


@pytest.mark.parametrize(("title", "text"), OTHER, ids=lambda value: (value or "")[:12])
def test_other_news(title: str | None, text: str) -> None:
    assert not of_union_interest(title, text)


def test_own_words_and_threshold(tmp_path: Path) -> None:
    table = tmp_path / "words.tsv"
    table.write_text("# ours\nterm\tweight\n渔民\t5\n渔民画\t-5\n", encoding="utf-8")
    words = interest.read_lexicon(table)
    assert words == {"渔民": 5.0, "渔民画": -5.0}
    assert of_union_interest(None, "渔民出海。", words)
    assert not of_union_interest(None, "渔民画展出。", words)
    assert not of_union_interest(None, "渔民出海。", words, threshold=11)
    assert not of_union_interest("工会", "工会", {})
    table.write_text("term\tweight\n渔民\tviel\n", encoding="utf-8")
    with pytest.raises(ValueError, match="viel"):
        interest.read_lexicon(table)


def test_headline_is_not_counted_again_in_the_text() -> None:
    assert interest.weight("工会", "工会\n正文") == interest.weight("工会", "正文")


@given(st.none() | st.text(max_size=50), st.text(max_size=300))
def test_any_text_is_weighed(title: str | None, text: str) -> None:
    assert isinstance(of_union_interest(title, text), bool)


def test_figures_on_recorded_pages() -> None:
    """Every annotated article is union news of its paper; one of them names no union at all."""
    if not (SHARED / "gold").is_dir():
        pytest.skip("the gold sets are not beside the checkout")
    for name in ("seeds", "train", "dev"):
        found = [
            of_union_interest(article.meta.title, article.body)
            for file in sorted((SHARED / "gold" / name / "pages").glob("*.txt"))
            for article in layout.split(Draft(file.read_text(encoding="utf-8")))
        ]
        assert found.count(False) <= 1
    rows = (SHARED / "html" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    others = [of_union_interest(row["title"], row["body"]) for row in map(json.loads, rows)]
    assert others.count(True) <= 1
