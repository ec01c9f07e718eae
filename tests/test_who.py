"""Who a quantity belongs to: hosts, funders, beneficiaries, sections by place. All articles are made up."""

import time
from datetime import date

import pytest

from extract import organisations
from extract.localities import localities
from extract.model import Article, Metadata, Span
from extract.pipeline import read
from extract.who import Actors

CASES = [
    # A funder or host from above, a beneficiary below.
    (
        "金华市总工会下拨资金",
        "日前，金华市总工会向武义县总工会、磐安县总工会各拨付20万元。",
        "20万元",
        "金华市总工会",
    ),
    ("平昌县总工会建驿站", "向四川省总工会、巴中市总工会争取支持后，新建驿站15个。", "15个", "平昌县总工会"),
    ("安阳市总工会送温暖", "在河南省总工会支持下，安阳市总工会慰问职工1600户。", "1600户", "安阳市总工会"),
    (
        "清丰县总工会助体检",
        "受濮阳市总工会委托，清丰县总工会组织200名环卫工人体检。",
        "200名",
        "清丰县总工会",
    ),
    ("铜仁市总工会建会", "全年新建工会286个，完成省总工会下达任务的111%。", "111%", "铜仁市总工会"),
    ("瑞昌市总工会建驿站", "用江西省总工会下拨的资金，新建驿站15个。", "15个", "瑞昌市总工会"),
    (
        "德阳市总工会办赛",
        "德阳市总工会联合市人社局、市应急局举办竞赛，320名选手参加。",
        "320名",
        "德阳市总工会",
    ),
    ("记者走进宜宾", "记者从宜宾市总工会获悉，今年共慰问职工320人。", "320人", "宜宾市总工会"),
    # What holds for the whole area, after its parts.
    (
        "玉溪市总工会建会",
        "红塔区总工会新建工会32家，澄江市总工会新建21家，全市共新建280家。",
        "280家",
        "玉溪市总工会",
    ),
    ("南通市总工会建驿站", "如皋市总工会建驿站46个。截至目前，全市建成驿站680个。", "680个", "南通市总工会"),
    ("南通市总工会建驿站", "如皋市总工会建驿站46个，数量在全市领先，服务2万人。", "2万人", "如皋市总工会"),
    ("省邮政工会建小家", "甘肃省邮政工会去年建小家20个。今年全省还要建150个。", "150个", "甘肃省邮政工会"),
    ("省邮政工会建小家", "甘肃省总工会表彰了省邮政工会。全省建小家150个。", "150个", "甘肃省总工会"),
    # Places that stand for their unions.
    ("安徽省总工会搞普惠", "省总工会投入1000万元，合肥市配套300万元。", "300万元", "合肥市总工会"),
    ("如东县总工会建驿站", "南通市总工会副主席到如东调研。如东县建成驿站25个。", "25个", "如东县总工会"),
    ("四川各地送清凉", "【自贡】市总工会投入30万元。\n【泸州】慰问职工120人。", "120人", "泸州市总工会"),
    # Sections headed by a union or a place.
    (
        "威海送温暖",
        "市总工会筹资90万元。\n🔸石岛街道总工会\n走访职工家庭18户。",
        "18户",
        "石岛街道总工会",
    ),
    ("江苏送清凉", "省总工会投入90万元。\n宿迁：送到工地\n慰问职工1200人。", "1200人", "宿迁市总工会"),
    (
        "威海市总工会送温暖",
        "市总工会筹资90万元。\n石岛街道总工会\n走访120户。\n送到千万家\n慰问职工680人。",
        "680人",
        "威海市总工会",
    ),
    # Firms and offices that pay.
    ("常州市总工会办赛", "市总工会出资20万元，常州恒远集团投入35万元。", "35万元", "常州恒远集团"),
    (
        "海宁市总工会办赛",
        "市总工会出资25万元，文旅局出资9万元。前六名可获2000元奖励。",
        "2000元",
        "海宁市总工会",
    ),
    ("云南各地送温暖", "省总工会慰问120人。沾益、罗平两地走访企业46家。", "46家", "曲靖市总工会"),
    ("各地工会暖心服务", "湖北：省总工会投入1200万元。\n江西：新建驿站120个。", "120个", "江西省总工会"),
    ("锦州市总工会办赛", "市总工会办赛。锦州银行派出选手12名，该行工会颁奖。", "12名", "锦州银行工会"),
    ("北京环卫集团工会送暖", "集团各级工会投入560万元。", "560万元", "北京环卫集团工会"),
    # Who speaks, behind the speech.
    (
        "衢州市总工会谈薪酬",
        "市总工会动员。\n“去年协商的底薪是2860元。”石梁镇总工会主席说。",
        "2860元",
        "石梁镇总工会",
    ),
    (
        "衢州市总工会谈薪酬",
        "市总工会动员。\n去年协商的底薪是2860元。石梁镇总工会主席在场。",
        "2860元",
        "衢州市总工会",
    ),
    ("电网送清凉", "国网山西电力工会投入200万元。", "200万元", "国网山西电力工会"),
]


@pytest.mark.parametrize(("title", "text", "surface", "name"), CASES)
def test_who(title: str, text: str, surface: str, name: str) -> None:
    article = Article(f"{title}\n{text}", len(title) + 1, Metadata(title=title, published=date(2024, 7, 15)))
    [fact] = [fact for fact in read(article).facts if surface in fact.quote]
    assert fact.organisation is not None
    assert fact.organisation.name == name


@pytest.mark.parametrize(
    "unit", ["杭州市总工会、", "，合肥市配套3", "全市，", "从江西省", "由", "\ud800市总"]
)
def test_time_is_linear_in_a_text_without_stops(unit: str) -> None:
    def spent(times: int) -> float:
        article = Article(unit * times)
        text, all_of_it = article.body, Span(0, len(article.body))
        begin = time.process_time()
        about = organisations.context(article)
        found = organisations.find(text, about)
        places = localities(text, about, found)
        actors = Actors(text, sorted([*found, *places], key=lambda mention: mention.start), None)
        for at in range(0, len(text), 100):
            actors.choose(Span(at, at + 1), all_of_it, all_of_it)
        return time.process_time() - begin

    spent(100)
    small, large = spent(1500), spent(6000)
    assert large < 8 * small + 0.3
