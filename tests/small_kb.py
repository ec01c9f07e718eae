"""A knowledge base of a few rows, filled by hand: tests of what comes out do not depend on what is read."""

from pathlib import Path
from typing import Any

from unionkb import claims, store

_VISIT = "“暖冬行动”启动\n海宁市总工会慰问职工120余名，发放慰问金6.5万元。"
_SCHOOL = '=1+1\n县总工会计划举办5-10场"夜校"课程，\r培训2千人次。'

ARTICLES = [
    ("a1", "p1", 1, "“暖冬行动”启动", "2023-12-20", _VISIT),
    ("a2", "p1", 2, "=1+1", None, _SCHOOL),
    ("a3", "p2", 1, "“暖冬行动”启动", "2023-12-21", _VISIT),
    ("a4", "p0", 1, "旧稿", "2022-01-01", "旧稿\n海宁市总工会慰问职工9名。"),
]
PAGES = [("p1", "news/a.txt", None), ("p2", "news/b.txt", None), ("p0", "news/b.txt", "p2")]
_MOMENT = "2024-01-01T00:00:00Z"
_DAY = {f"date_{end}": "2023-12-20" for end in ("start", "end")} | {
    "date_precision": "day",
    "date_basis": "printed",
}


def _id(name: str) -> str:
    """Sixteen hexadecimal digits that begin with the name's, so that failures stay readable."""
    return name.encode().hex().ljust(16, "0")


def fill(path: Path) -> Path:
    """Make the knowledge base at `path`: four articles on three pages, one superseded, and seven facts."""
    with store.open(path, write=True) as kb, kb.transaction() as db:

        def add(table: str, **row: Any) -> None:
            places = ", ".join(f":{column}" for column in row)
            db.conn.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", row)

        add(
            "run",
            run_id=1,
            command="ingest",
            extractor_version="0.1.0+test",
            started_at=_MOMENT,
        )
        for code, name, level, parent, *places in (
            ("330000", "浙江省", "province", None, "浙江省", None, None),
            ("330400", "嘉兴市", "city", "330000", "浙江省", "嘉兴市", None),
            ("330481", "海宁市", "county", "330400", "浙江省", "嘉兴市", "海宁市"),
        ):
            province, city, county = places
            if not list(db.query("SELECT 1 FROM region WHERE region_code = ?", [code])):
                add(
                    "region",
                    region_code=code,
                    name=name,
                    level=level,
                    parent_code=parent,
                    province=province,
                    city=city,
                    county=county,
                )
        add("source", source_id="files", name="Files", kind="files")
        for page, document, newer in PAGES:
            add(
                "page",
                page_id=_id(page),
                source_id="files",
                document=document,
                place=f"/{document}",
                media_type="text/plain",
                encoding="utf-8",
                byte_length=1,
                digest=page,
                warc_file="a.warc",
                warc_offset=0,
                warc_length=1,
                stored_at=_MOMENT,
                run_id=1,
                extractor_version="0.1.0+test",
                superseded_by=newer and _id(newer),
            )
        for article, page, sequence, title, published, body in ARTICLES:
            add(
                "article",
                article_id=_id(article),
                page_id=_id(page),
                sequence=sequence,
                title=title,
                published=published,
                published_basis=published and "printed",
                body=body,
                lead=body.index("\n") + 1,
                source_map="[]",
                newspaper="海宁日报" if page == "p1" else None,
                cluster_id=_id("a1" if article == "a3" else article),
                is_reprint=int(article == "a3"),
            )
        add(
            "organisation",
            organisation_id=_id("o2"),
            name="嘉兴市总工会",
            level="city",
            is_union=1,
            region_code="330400",
        )
        add(
            "organisation",
            organisation_id=_id("o1"),
            name="海宁市总工会",
            level="county",
            is_union=1,
            region_code="330481",
            parent_id=_id("o2"),
        )
        add("organisation_alias", organisation_id=_id("o1"), alias="市总")
        add("organisation_alias", organisation_id=_id("o1"), alias="海宁市总")
        add("programme", programme_id=_id("r1"), category="hardship_relief", name="暖冬行动")
        add("programme", programme_id=_id("r2"), category="skills_training")

        def fact(name: str, article: str, quote: str, **columns: Any) -> None:
            body = next(body for key, *_, body in ARTICLES if key == article)
            start = body.index(quote)
            row = {
                "fact_id": _id(name),
                "article_id": _id(article),
                "quote": quote,
                "char_start": start,
                "char_end": start + len(quote),
                "sentence_start": body.index("\n") + 1,
                "sentence_end": len(body),
                "organisation_id": _id("o1"),
                "programme_id": _id("r1"),
                "bound": "exact",
                "status": "actual",
                "rule": "test",
                "confidence": 0.9,
            }
            add("fact", **(row | columns))

        for article in ("a1", "a3"):
            people = {"kind": "people", "value": 120, "unit": "人", "counted": "职工", "bound": "over"}
            fact(f"f{article}1", article, "120余名", **people, **_DAY)
            fact(
                f"f{article}2",
                article,
                "6.5万元",
                kind="money",
                value=65000.5,
                unit="元",
                counted="慰问金",
                **_DAY,
            )
        fact("f4", "a4", "9名", kind="people", value=9, unit="人", counted="职工")
        unresolved = {"organisation_id": None, "organisation_text": "县总工会", "programme_id": _id("r2")}
        sessions = {"kind": "count", "value": 5, "value_max": 10, "unit": "场", "counted": '"夜校"课程'}
        fact(
            "f2",
            "a2",
            "5-10场",
            **sessions,
            **unresolved | {"bound": "range", "status": "planned", "per": "year"},
        )
        trained = {"kind": "people", "value": 2000, "unit": "人次", "date_end": "2023-06-30"}
        fact("f3", "a2", "2千人次", **trained, **unresolved)
        if claims.is_due(db.conn):  # Not in a database of an older version.
            claims.rebuild(db.conn)
    return path
