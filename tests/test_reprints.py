"""Reprints are found though they were edited; stories of one template are not taken for reprints."""

import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from itertools import combinations, permutations
from pathlib import Path

import pytest
from fakes import rows, run

from unionkb import documents, ids, paths, reprints

ROOT = Path(__file__).parents[1]
GOLD = ROOT.parent / "shared" / "gold"

STORY = """本报讯（记者 何小梅）7月9日上午，绍兴市总工会慰问组来到柯桥区镜湖新区的地铁施工现场，为426名一线职工送去毛巾、藿香正气水和绿豆汤。
“天气再热，心里是凉快的。”负责钢筋绑扎的老周接过清凉包，笑着擦了擦汗。工地负责人介绍，入夏以来项目部把作业时间调整到清晨和傍晚，并搭起了3处休息棚。
据了解，今年全市各级工会已安排防暑降温经费875万元，计划走访企业和工地560家，预计惠及职工12.4万人。市总工会还组织医疗志愿者进工地义诊18场，为户外劳动者检查血压、讲解中暑急救。
下一步，市总工会将把服务延伸到快递网点和外卖站点，让更多劳动者在家门口享受到清凉。"""  # noqa: E501

TEMPLATE = """近日，{city}总工会在{place}举行“春风送岗”专场招聘会，共有{firms}家企业进场，提供就业岗位{jobs}个，涵盖机械制造、电子信息、商贸物流等行业。
活动现场人头攒动，求职者穿梭在各个展位之间，仔细了解岗位要求和薪资待遇。据统计，当天达成就业意向{people}人，发放政策宣传资料{leaflets}份。
{city}总工会有关负责人表示，将持续搭建供需对接平台，全年计划举办招聘会{fairs}场，帮助更多职工实现就业。"""  # noqa: E501


def fill(**values: object) -> str:
    usual: dict[str, object] = {"city": "海宁市", "place": "许村镇文化广场", "firms": 62, "jobs": 1830}
    return TEMPLATE.format(**usual | {"people": 417, "leaflets": 2600, "fairs": 24} | values)


def near(one: str, other: str) -> bool:
    mine, its = (reprints.text(ids.letters(each)) for each in (one, other))
    assert reprints.is_near(mine, its) == reprints.is_near(its, mine)
    return reprints.is_near(mine, its)


def may_be_near(one: str, other: str) -> bool:
    mine, its = (reprints.sketch(ids.letters(each)) for each in (one, other))
    return mine.may_shorten(its) or its.may_shorten(mine)


def found(one: str, other: str) -> bool:
    """Whether a text is a candidate for the other, and then a reprint."""
    shared = reprints.keys(ids.letters(one)) & reprints.keys(ids.letters(other))
    is_near = near(one, other)
    assert may_be_near(one, other) or not is_near
    return bool(shared) and is_near


def without_last_paragraph(text: str) -> str:
    return text.rpartition("\n")[0] or text


def other_byline(text: str) -> str:
    plain = re.sub(r"\A(?:本报讯|[^。\n]{0,10}讯)?\s?[（(][^）)\n]{2,40}[)）]", "", text)
    return f"浙江工友网讯（通讯员 沈国良 摄影报道）{plain}"


def typo(text: str, generator: random.Random) -> str:
    at = generator.randrange(len(text) // 4, len(text))
    return text[:at] + generator.choice("的一是在有和这") + text[at + 1 :]


REPRINTS = [
    ("as it is", STORY),
    ("another byline", other_byline(STORY)),
    ("a typing error", STORY.replace("绿豆汤", "绿逗汤")),
    ("the last paragraph cut", without_last_paragraph(STORY)),
    ("the first sentence cut", STORY[STORY.index("“天气再热") :]),
    ("a paragraph in the middle cut", STORY.replace(STORY.splitlines()[1] + "\n", "")),
    ("an editor's remark added", STORY + "\n（本文有删节，图片由市总工会提供，责任编辑 王珊）"),
    ("paragraphs run together, other punctuation", STORY.replace("\n", " ").replace("，", ",")),
    ("all of it", typo(other_byline(without_last_paragraph(STORY)), random.Random(1))),
    ("a name added", STORY.replace("工地负责人介绍", "工地负责人、项目经理陆建华介绍")),
]
OTHERS = [
    ("another town, other figures",
     fill(city="桐乡市", place="崇福镇体育馆", firms=48, jobs=1260, people=305, leaflets=1800, fairs=16)),
    ("the same town, next year's figures", fill(firms=70, jobs=2100, people=466, leaflets=3000, fairs=30)),
    ("another town, two other figures", fill(city="平湖市", place="新埭镇广场", people=418, jobs=1831)),
    ("other figures, all but two", fill(jobs=1210, people=288, leaflets=1500)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "reprint"), REPRINTS, ids=[what for what, _ in REPRINTS])
def test_a_reprint_is_found(what: str, reprint: str) -> None:
    assert found(STORY, reprint)


@pytest.mark.parametrize(("what", "other"), OTHERS, ids=[what for what, _ in OTHERS])
def test_the_same_template_is_no_reprint(what: str, other: str) -> None:
    assert near(fill(), fill() + "。")
    assert not near(fill(), other)


def test_a_report_that_quotes_the_first_paragraph_is_no_reprint() -> None:
    quoted = STORY.splitlines()[0] + "这是全省送清凉活动的一个缩影。" + fill()
    assert not near(STORY, quoted)


def test_short_texts_are_never_near() -> None:
    short = STORY[: reprints.SHORTEST // 2]
    assert not near(short, short)


def test_keys_are_what_sqlite_can_store_and_few() -> None:
    keys = reprints.keys(ids.letters(STORY))
    assert 6 < len(keys) <= reprints.FIGURES + reprints.STRETCHES
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE k (key INTEGER PRIMARY KEY) STRICT")
    connection.executemany("INSERT INTO k VALUES (?)", [[key] for key in keys])
    assert {row[0] for row in connection.execute("SELECT key FROM k")} == keys


def test_a_sketch_is_what_sqlite_can_store() -> None:
    numbers = "".join(f"第{number}" for number in range(500))
    found = reprints.sketch(numbers)
    assert found == reprints.Sketch(len(numbers), 500, -1)
    assert reprints.sketch("") == reprints.Sketch(0, 0, 0)


def test_news_of_one_template_are_hardly_compared() -> None:
    generator = random.Random(3)
    names = ["firms", "jobs", "people", "leaflets", "fairs"]
    texts = [fill(**{name: generator.randrange(3, 4000) for name in names}) for _ in range(300)]
    compared = [pair for pair in combinations(texts, 2) if may_be_near(*pair)]
    shared = [pair for pair in compared if reprints.keys(pair[0]) & reprints.keys(pair[1])]
    assert len(shared) < len(texts)


@pytest.mark.parametrize("text", ["年" * 200_000, "1市" * 100_000, "a b " * 50_000, "（" * 100_000])
def test_odd_texts_take_no_time(text: str) -> None:
    letters = ids.letters(text)
    reprints.keys(letters)
    reprints.sketch(letters)
    reprints.is_near(reprints.text(letters), reprints.text(letters[1:]))


# On real stories.


def _bodies(files: Iterator[Path]) -> list[str]:
    from extract.pipeline import read_page

    texts = []
    for path in files:
        for reading in read_page(documents.drafts(documents.read(documents.File(path, path.name)))):
            text = reading.article.body[reading.article.lead :]
            if len(ids.letters(text)) >= reprints.SHORTEST:
                texts.append(text)
    return texts


@pytest.fixture(scope="module")
def stories() -> list[str]:
    """Distinct stories: of the gold sets, which are kept outside the repository, where they are; else of the
    sample site."""
    if GOLD.is_dir():
        return _bodies(
            path for name in ("seeds", "train", "dev") for path in (GOLD / name / "pages").glob("*")
        )
    site = paths.sample_site()
    twins = {"8123733_2.html", "8123790.html"}  # A further part, and a reprint.
    return _bodies(path for path in sorted(site.rglob("*.html")) if path.name not in twins)


def test_distinct_stories_stay_apart(stories: list[str]) -> None:
    texts = [reprints.text(ids.letters(story)) for story in stories]
    assert [pair for pair in combinations(texts, 2) if reprints.is_near(*pair)] == []


@pytest.mark.parametrize(
    ("what", "edit", "recall"),
    [
        ("byline", lambda text, _: other_byline(text), 0.99),
        ("cut", lambda text, _: without_last_paragraph(text), 0.95),
        ("typo", typo, 0.97),
        ("all", lambda text, generator: typo(other_byline(without_last_paragraph(text)), generator), 0.92),
    ],
)
def test_recall(
    stories: list[str], what: str, edit: Callable[[str, random.Random], str], recall: float
) -> None:
    if len(stories) < 100:
        pytest.skip("a share needs more stories than the sample site has: the gold sets are not here")
    generator = random.Random(what)
    done = [found(story, edit(story, generator)) for story in stories]
    print(f"{what}: {sum(done)} of {len(done)}")
    assert sum(done) >= recall * len(done)


# In the database.


def _write(folder: Path, name: str, text: str, day: str = "2024-07-10") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.txt"
    path.write_text(f"标题{name}\n{text}\n", encoding="utf-8")
    return path


def _clusters(db: Path) -> dict[str, tuple[str, int]]:
    found = rows(db, "SELECT document, cluster_id, is_reprint FROM articles ORDER BY document")
    return {str(row[0]).removesuffix(".txt"): (str(row[1]), int(str(row[2]))) for row in found}


def _together(db: Path) -> set[frozenset[str]]:
    sets: dict[str, set[str]] = {}
    for name, (cluster, _) in _clusters(db).items():
        sets.setdefault(cluster, set()).add(name)
    return {frozenset(names) for names in sets.values()}


VARIANTS = {
    "a": STORY,
    "b": other_byline(without_last_paragraph(STORY)),
    "c": STORY.replace("绿豆汤", "绿逗汤"),
    "d": fill(),
    "e": fill(city="桐乡市", place="崇福镇体育馆", firms=48, jobs=1260, people=305, leaflets=1800, fairs=16),
    "f": STORY.replace("，", " ，"),
}


def test_clusters_do_not_depend_on_the_order(tmp_path: Path) -> None:
    files = {name: _write(tmp_path / "news", name, text) for name, text in VARIANTS.items()}
    results = []
    for number, order in enumerate([*permutations("abc"), tuple("fcba")]):
        db = tmp_path / f"{number}.sqlite"
        run(db, *(files[name] for name in [*order, *(set("abcdef") - set(order))]))
        results.append(_clusters(db))
        assert _together(db) == {frozenset("abcf"), frozenset("d"), frozenset("e")}
        reprinted = [name for name, (_, is_reprint) in results[-1].items() if is_reprint]
        assert len(reprinted) == 3
    assert all(result == results[0] for result in results)


def test_reading_again_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = tmp_path / "kb.sqlite"
    files = [_write(tmp_path / "news", name, text) for name, text in VARIANTS.items()]
    run(db, *files)
    before, texts = _clusters(db), rows(db, "SELECT text_id, sketch FROM running_text ORDER BY 1")
    assert len(texts) == 5  # `f` has the text of `a`.
    monkeypatch.setattr("unionkb.ingest.extractor_version", lambda: "9.9.9+next")
    run(db, *reversed(files))
    assert _clusters(db) == before
    assert rows(db, "SELECT text_id, sketch FROM running_text ORDER BY 1") == texts


def test_what_changes_leaves_its_cluster_and_parts_what_it_held_together(tmp_path: Path) -> None:
    db, folder = tmp_path / "kb.sqlite", tmp_path / "news"
    lines = f"{STORY}\n{fill()}".splitlines()
    # The whole holds together two parts of it that are not near each other.
    chain = {"whole": "\n".join(lines), "first": "\n".join(lines[:4]), "second": "\n".join(lines[2:])}
    run(db, *(_write(folder, name, text) for name, text in chain.items()))
    assert _together(db) == {frozenset(chain)}
    run(db, _write(folder, "whole", "\n".join(reversed(range_lines(40)))))
    assert _together(db) == {frozenset([name]) for name in chain}
    assert {is_reprint for _, is_reprint in _clusters(db).values()} == {0}
    assert rows(db, "SELECT count(*) FROM running_text") == [(3,)]
    run(db, _write(folder, "whole", chain["whole"]))
    assert _together(db) == {frozenset(chain)}


def range_lines(count: int) -> list[str]:
    """Lines that are like no story."""
    return [f"第{number}号会员卡已经补办完成请到窗口领取" for number in range(count)]


def test_the_earliest_is_the_original_and_names_the_cluster(tmp_path: Path) -> None:
    db, folder = tmp_path / "kb.sqlite", tmp_path / "news"

    def dated(name: str, day: str, text: str) -> Path:
        return _write(folder, name, f"{day} 来源：绍兴工会\n{text}")

    files = [dated("late", "2024-07-12", VARIANTS["b"]), dated("early", "2024-07-10", VARIANTS["a"])]
    _real_run(db, *files)
    clusters = _clusters(db)
    assert (clusters["late"][1], clusters["early"][1]) == (1, 0)
    assert clusters["late"][0] == clusters["early"][0]
    ((text_id,),) = rows(
        db, "SELECT text_id FROM article JOIN page USING (page_id) WHERE document = 'early.txt'"
    )
    assert clusters["late"][0] == text_id


def _real_run(db: Path, *files: Path) -> None:
    from unionkb.reading import read_drafts

    run(db, *files, reader=read_drafts)
