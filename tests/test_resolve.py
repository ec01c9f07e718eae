"""Which organisation a mention is, and where it stands."""

from pathlib import Path

import pytest

from extract.model import Level, OrganisationMention
from unionkb import regions, resolve, store


def _mention(name: str, level: Level, code: str | None, *, union: bool = True) -> OrganisationMention:
    return OrganisationMention(0, 0, name, level, code, union)


def _line(organisation: resolve.Organisation | None) -> list[str]:
    names = []
    while organisation:
        names.append(organisation.name)
        organisation = organisation.parent
    return names


@pytest.mark.parametrize(
    ("mention", "line"),
    [
        (_mention("中华全国总工会", "national", None), ["中华全国总工会"]),
        (_mention("浙江省总工会", "province", "330000"), ["浙江省总工会", "中华全国总工会"]),
        (
            _mention("嘉善县总工会", "county", "330421"),
            ["嘉善县总工会", "嘉兴市总工会", "浙江省总工会", "中华全国总工会"],
        ),
        (
            _mention("嘉兴市南湖区总工会", "county", "330402"),
            ["嘉兴市南湖区总工会", "嘉兴市总工会", "浙江省总工会", "中华全国总工会"],
        ),
        (
            _mention("南湖区总工会", "county", "330402"),
            ["嘉兴市南湖区总工会", "嘉兴市总工会", "浙江省总工会", "中华全国总工会"],
        ),
        (
            _mention("浙江省嘉兴市嘉善县总工会", "county", "330421"),
            ["嘉善县总工会", "嘉兴市总工会", "浙江省总工会", "中华全国总工会"],
        ),
        (
            _mention("襄樊市总工会", "city", "420600"),
            ["襄阳市总工会", "湖北省总工会", "中华全国总工会"],
        ),
        (
            _mention("西塘镇总工会", "township", "330421"),
            ["西塘镇总工会", "嘉善县总工会", "嘉兴市总工会", "浙江省总工会", "中华全国总工会"],
        ),
        (
            _mention("嘉兴经济技术开发区总工会", "county", "330400"),
            ["嘉兴经济技术开发区总工会", "嘉兴市总工会", "浙江省总工会", "中华全国总工会"],
        ),
        (
            _mention("北京市朝阳区总工会", "county", "110105"),
            ["北京市朝阳区总工会", "北京市总工会", "中华全国总工会"],
        ),
        (_mention("嘉峪关市总工会", "city", "620200"), ["嘉峪关市总工会", "甘肃省总工会", "中华全国总工会"]),
        (_mention("嘉峪关市总工会", "other", "620201"), ["嘉峪关市总工会", "甘肃省总工会", "中华全国总工会"]),
        (
            _mention("襄樊市襄城区总工会", "county", "420602"),
            ["襄阳市襄城区总工会", "襄阳市总工会", "湖北省总工会", "中华全国总工会"],
        ),
        (_mention("崇文区总工会", "county", "110101"), ["崇文区总工会", "北京市总工会", "中华全国总工会"]),
        (_mention("中国海员建设工会", "industry", None), ["中国海员建设工会", "中华全国总工会"]),
        (_mention("中国某某集团工会", "industry", None), ["中国某某集团工会"]),
        (
            _mention("浙江省教育工会", "industry", "330000"),
            ["浙江省教育工会", "浙江省总工会", "中华全国总工会"],
        ),
        (
            _mention("嘉兴市金融工会", "industry", "330402"),
            ["嘉兴市金融工会", "嘉兴市总工会", "浙江省总工会", "中华全国总工会"],
        ),
        (
            _mention("海宁市海天公司工会", "enterprise", "330481"),
            ["海宁市海天公司工会", "海宁市总工会", "嘉兴市总工会", "浙江省总工会", "中华全国总工会"],
        ),
        (_mention("某某集团工会", "enterprise", "330400"), ["某某集团工会"]),
        (_mention("嘉兴市人民政府", "city", "330400", union=False), ["嘉兴市人民政府"]),
        (_mention("不在册总工会", "county", "999999"), ["不在册总工会"]),
    ],
)  # fmt: skip
def test_line_of_parents(mention: OrganisationMention, line: list[str]) -> None:
    assert _line(resolve.resolve(mention)) == line


@pytest.mark.parametrize(
    "name",
    [
        "县总工会",
        "市总",
        "区总工会",
        "省总工会",
        "各级工会",
        "乡镇工会",
        "基层工会",
        "全市各级工会",
        "上级工会",
    ],
)
def test_a_mere_rank_is_not_resolved(name: str) -> None:
    assert resolve.resolve(_mention(name, "county", None)) is None


@pytest.mark.parametrize("name", ["嘉善县总工会", "杭州市总工会", "公司城工会", "海天集团工会"])
def test_a_name_without_a_region_is_still_a_name(name: str) -> None:
    found = resolve.resolve(_mention(name, "other", None))
    assert found
    assert found.region_code is None


def test_one_name_is_one_organisation_but_for_townships() -> None:
    def ident(name: str, level: Level, code: str | None) -> str:
        found = resolve.resolve(_mention(name, level, code))
        assert found
        return found.id

    assert ident("嘉善县总工会", "county", "330421") == ident("嘉善县总工会", "county", None)
    assert ident("解放街道总工会", "township", "330421") != ident("解放街道总工会", "township", "330402")


def test_regions_are_written_once_and_brought_up_to_date(tmp_path: Path) -> None:
    with store.open(tmp_path / "kb.sqlite", write=True) as kb:
        for expected in (True, False):
            with kb.transaction() as db:
                assert regions.load(db.conn) is expected
        with kb.transaction() as db:
            db.execute("UPDATE region SET name = '旧名' WHERE region_code = '330421'")
            assert regions.load(db.conn) is True
        assert list(kb.rows("SELECT name FROM region WHERE region_code = '330421'")) == [{"name": "嘉善县"}]


def test_rows_of_regions() -> None:
    today, names = regions.rows()
    by_code = {row["region_code"]: row for row in today}
    assert len(by_code) == len(today) > 3000
    assert by_code["330421"] == {
        "region_code": "330421", "name": "嘉善县", "level": "county", "parent_code": "330400",
        "province": "浙江省", "city": "嘉兴市", "county": "嘉善县",
    }  # fmt: skip
    assert by_code["110105"]["city"] is None
    seen: set[str] = set()
    for row in today:
        assert row["parent_code"] is None or row["parent_code"] in seen, row
        seen.add(row["region_code"])
    assert {row["region_code"] for row in names} == seen
    assert len({(row["region_code"], row["name"]) for row in names}) == len(names)
    (chaohu,) = [row for row in names if row["name"] == "巢湖市"]
    assert (chaohu["valid_from"], chaohu["valid_to"]) == (None, None)
    assert any(
        row["name"] == "襄樊市" and row["region_code"] == "420600" and row["valid_to"] for row in names
    )


def _names(name: str, level: Level, code: str) -> list[tuple[str, str | None, str | None]]:
    found = resolve.resolve(_mention(name, level, code))
    assert found
    return [tuple(each) for each in resolve.names(found)]


def test_names_have_the_dates_of_the_renames() -> None:
    renamed = [("襄阳市总工会", "2010-11-26", None), ("襄樊市总工会", None, "2010-11-26")]
    assert _names("襄樊市总工会", "city", "420600") == renamed
    assert _names("襄阳市总工会", "city", "420600") == renamed
    assert _names("秀城区总工会", "county", "330402") == [
        ("嘉兴市南湖区总工会", "2005-05", None),
        ("嘉兴市秀城区总工会", None, "2005-05"),
    ]
    assert _names("嘉兴市总工会", "city", "330400") == [("嘉兴市总工会", None, None)]
    # 宣武区 was merged into 西城区, not renamed.
    assert _names("北京市西城区总工会", "county", "110102") == [("北京市西城区总工会", None, None)]
    assert _names("西塘镇总工会", "township", "330421") == [("西塘镇总工会", None, None)]


@pytest.mark.parametrize(
    ("name", "level", "code", "former"),
    [
        ("襄樊市总工会", "city", "420600", True),
        ("湖北省襄樊市总工会", "city", "420600", True),
        ("襄樊市襄城区总工会", "county", "420602", True),
        ("襄阳市总工会", "city", "420600", False),
        ("南湖区总工会", "county", "330402", False),
        ("浙江省嘉兴市南湖区总工会", "county", "330402", False),
        ("崇文区总工会", "county", "110101", False),
    ],
)
def test_a_former_name_is_known_for_one(name: str, level: Level, code: str, former: bool) -> None:
    found = resolve.resolve(_mention(name, level, code))
    assert found
    assert resolve.is_former(name, found) is former


def test_federations_stand_in_line() -> None:
    above = resolve.federations()
    county = resolve.resolve(_mention("嘉善县总工会", "county", "330421"))
    line = []
    while county:
        line.append(county.id)
        county = county.parent
    assert [above[each] for each in line] == [*line[1:], ""]
    assert len(above) > 3000
