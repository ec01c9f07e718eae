"""Web archives for the benchmark of bulk reading: generated pages of the size and shape of union news sites.

A page has menus, lists of links to other stories, styles and scripts around a story of some paragraphs: of
the size and shape of the median of recorded news pages (110 KB, 950 tags, 1,450 characters of text).
"""

import gzip
import random
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
from replica_news import Story, story

COLUMNS = ("要闻", "维权", "帮扶", "劳模", "女工", "经费", "法规", "视频", "专题", "基层", "产业", "人物")
LONGER = 3
"""Stories of the generator that make one of the benchmark."""
BETWEEN = (
    "活动现场气氛热烈，工作人员耐心解答大家关心的问题，并向职工介绍了工会的各项服务。",
    "大家纷纷表示，要把工会的关怀转化为干事创业的动力，在各自岗位上作出新的贡献。",
    "工会负责人说，下一步将继续倾听职工的呼声，把实事办好、好事办实，让职工感受到家的温暖。",
    "据介绍，各级工会组织深入企业车间、工地和班组，面对面听取意见建议，及时回应职工的期盼。",
    "一位参加活动的职工告诉记者，工会的服务贴心周到，解决了他们工作和生活中的实际困难。",
    "为确保工作落到实处，工会建立了台账制度，明确责任分工，加强督促检查，做到件件有着落。",
)
"""What stands between the numbers."""


def text(seed: str, number: int) -> Story:
    """The story of a page."""
    parts = [story(seed, number * LONGER + i) for i in range(LONGER)]
    chance = random.Random(f"{seed}+{number}")
    paragraphs = tuple(
        "".join([*chance.sample(BETWEEN, 2), each]) for part in parts for each in part.paragraphs
    )
    return Story(parts[0].title, paragraphs, parts[0].published, parts[0].author)


def html(seed: str, number: int) -> str:
    """A page."""
    chance = random.Random(f"{seed}-{number}")
    of = text(seed, number)
    menu = "".join(
        f'<li class="nav-item"><a href="/{i}/">{name}</a></li>' for i, name in enumerate(COLUMNS * 4)
    )
    lists = "".join(_list(seed, chance.randrange(10_000)) for _ in range(16))
    script = "".join(
        f"var a{i}={{id:{chance.randrange(10**9)},on:function(e){{return e+{i};}}}};" for i in range(900)
    )
    style = "".join(f".c{i}{{margin:{i % 9}px auto;color:#{chance.randrange(10**6):06}}}" for i in range(600))
    body = "\n".join(f'<p style="text-indent:2em">　　{each}</p>' for each in of.paragraphs)
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{of.title}-湖滨工人网</title>
<meta name="keywords" content="工会,职工"><style>{style}</style><script>{script}</script></head>
<body><div class="top"><a href="/">首页</a><ul class="nav">{menu}</ul></div>
<div class="wrap"><div class="main"><h1 class="title">{of.title}</h1>
<div class="info"><span>发布时间：{of.published:%Y-%m-%d} 09:30</span> <span>来源：湖滨工人报</span>
<span>作者：{of.author}</span></div><div class="content" id="content">
{body}
</div><div class="editor">责任编辑：{of.author}</div></div>
<div class="side">{lists}</div></div>
<div class="footer">版权所有 湖滨工人报 未经授权不得转载</div><script>{script[:20000]}</script></body></html>
"""


def _list(seed: str, first: int) -> str:
    items = "".join(
        f'<li><a href="/content/{first + i}.html" title="{title}">{title}</a><span>01-{i + 1:02}</span></li>'
        for i in range(12)
        for title in [story(seed, first + i).title]
    )
    return f'<div class="box"><h3>相关新闻</h3><ul>{items}</ul></div>'


def archives(folder: Path, pages: int, *, files: int) -> list[Path]:
    """Pages in so many .warc.gz files. Numbers decide what is in them."""
    folder.mkdir(parents=True)
    made = []
    for number in range(files):
        path = folder / f"{number:05}.warc.gz"
        with path.open("wb") as out:
            for page in range(number, pages, files):
                out.write(gzip.compress(record(f"s{number}", page), 3, mtime=0))
        made.append(path)
    return made


def record(seed: str, number: int) -> bytes:
    """A page as a record, not packed."""
    content = html(seed, number).encode()
    out = BytesIO()
    writer = WARCWriter(out, gzip=False)
    fields = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(content)))]
    writer.write_record(
        writer.create_warc_record(
            f"http://news.example.com/{seed}/{number}.html",
            "response",
            payload=BytesIO(content),
            length=len(content),
            warc_headers_dict={"WARC-Date": "2024-05-01T00:00:00Z"},
            http_headers=StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1"),
        )
    )
    return out.getvalue()


def texts(pages: int) -> Iterator[str]:
    """Pages as HTML."""
    return (html("h", number) for number in range(pages))
