"""Links of lists, issues, feeds and sitemaps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages import feeds, links

HOME = "http://news.example.cn/gh/"
ARTICLE = r"http://news\.example\.cn/c/(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)/\d+\.shtml"
ISSUE = "http://paper.example.cn/html/2023-03/09/node_2.htm"


def test_articles_of_a_list() -> None:
    html = """<div class="top"><a href="/c/2023-01-02/9.shtml">旧闻一则</a></div><ul class="list">
    <li><span>2023-03-08</span><a href="/c/2023-03-07/11.shtml"><img alt="合影"></a>
        <a href="/c/2023-03-07/11.shtml#top">湖滨区总工会为保洁员体检</a></li>
    <li><a href="/c/2023-03-06/12.shtml" title="云溪县总工会发放助学金四十万元">云溪县总工会发放…</a></li>
    <li><a href="/c/2023-03-05/13.shtml">望江市总工会慰问一线职…</a></li>
    <li><a href="/about.shtml">关于我们</a><a href="javascript:void(0)">更多</a></li></ul>"""
    found = links.articles(html, HOME, ARTICLE, "ul.list li")
    assert [(link.url[-8:], link.title, link.date) for link in found] == [
        ("11.shtml", "湖滨区总工会为保洁员体检", date(2023, 3, 8)),
        ("12.shtml", "云溪县总工会发放助学金四十万元", date(2023, 3, 6)),
        ("13.shtml", "望江市总工会慰问一线职…", date(2023, 3, 5)),
    ]
    assert found[0].hints == {
        "title": "湖滨区总工会为保洁员体检",
        "published": "2023-03-07",
        "listed": "2023-03-08",
    }
    assert found[2].hints == {"published": "2023-03-05"}
    assert len(links.articles(html, HOME, ARTICLE)) == 4
    assert len(links.articles(html, HOME, selector=".list a")) == 4


def test_articles_of_a_newspaper_page_are_counted_once() -> None:
    html = """<map name="PagePicMap"><area href="content_7.htm?div=-1" coords="1,2"><area href=content_8.htm>
    </map><div id="titleList"><ul><li><a href="content_7.htm?div=-1">港口工会办起船员之家</a></ul></div>"""
    found = links.articles(
        html, ISSUE, r".*/content_\d+\.htm", canonical=lambda url: links.plain(url).partition("?")[0]
    )
    assert [(link.url.rpartition("/")[2], link.title) for link in found] == [
        ("content_7.htm", "港口工会办起船员之家"),
        ("content_8.htm", ""),
    ]
    assert found[1].hints == {"published": "2023-03-09"}


@pytest.mark.parametrize(
    ("label", "number", "section"),
    [
        ("第04版：工会", "04", "工会"),
        ("第04版:工会", "04", "工会"),
        ("第04版∶工会", "04", "工会"),
        ("A04）要闻", "A04", "要闻"),
        ("04)要闻", "04", "要闻"),
        ("04版 要闻", "04", "要闻"),
        ("第A1版", "A1", None),
        ("0002版:职工天地", "0002", "职工天地"),
        ("要闻", None, "要闻"),
    ],
)
def test_labels_of_leaves(label: str, number: str | None, section: str | None) -> None:
    html = f'<a id="pageLink" href="node_3.htm">{label}</a><a href="/pdf/3.pdf">PDF</a>'
    (found,) = links.leaves(html, ISSUE)
    assert (found.hints.get("page_number"), found.hints.get("section")) == (number, section)
    assert (found.url, found.date) == (ISSUE.replace("node_2", "node_3"), date(2023, 3, 9))


def test_leaves_where_the_links_hold_pdf_files_too() -> None:
    html = """<ul id="pageUrl"><li><a class="pdf" href="../1/x.pdf">PDF</a>
    <a href="../1/page.html">01版：头版</a></li><li><a class="pdf" href="../2/x.pdf"></a>
    <a href="../2/page.html">02版：职场</a></li></ul>"""
    url = "http://www.example.cn/papers/grrb/2023/03/09/1/page.html"
    found = links.leaves(html, url, selector="ul#pageUrl li")
    assert [link.hints["page_number"] for link in found] == ["01", "02"]
    named = links.leaves(html, url, r".*/(?P<page>\d+)/page\.html")
    assert named == found


@pytest.mark.parametrize(
    ("html", "target"),
    [
        ('<a href="list_2.html">下一页</a>', "http://a.cn/x/list_2.html"),
        ('<a href="list_2.html">[ 下页 ]</a>', "http://a.cn/x/list_2.html"),
        ('<a href="?page=2">&gt;&gt;</a>', "http://a.cn/x/index.html?page=2"),
        ('<a href="/x/2/"><span>下一頁 ›</span></a>', "http://a.cn/x/2/"),
        ('<link rel="next" href="2.html">', "http://a.cn/x/2.html"),
        ("<script>createPageHTML(3, 0, 'index', 'html');</script>", "http://a.cn/x/index_1.html"),
        ("<script>createPageHTML(3, 2, 'index', 'html');</script>", None),
        ('<a href="#">下一页</a>', None),
        ('<a href="index.html">下一页</a>', None),
        ('<a href="http://b.cn/2.html">下一页</a>', None),
        ('<a href="12.html">下一篇</a>', None),
        ("", None),
    ],
)
def test_next_list_page(html: str, target: str | None) -> None:
    assert links.next_list_page(html, "http://a.cn/x/index.html") == target


@pytest.mark.parametrize(
    ("html", "target"),
    [
        ('<meta http-equiv="refresh" content="0; URL=html/2023-03/09/node_2.htm">', ISSUE),
        ('<meta http-equiv="Refresh" content="0;url=/html/2023-03/09/node_2.htm">', ISSUE),
        ('<script>window.location.href = "html/2023-03/09/node_2.htm";</script>', ISSUE),
        ("<script>location.replace('html/2023-03/09/node_2.htm')</script>", ISSUE),
        ('<meta http-equiv="refresh" content="300">', None),
        ('<meta http-equiv="refresh" content="0; url=javascript:alert(1)">', None),
        ("<script>location.href='x.htm'</script>" + "工会" * 4000, None),
        ("<p>工会</p>", None),
    ],
)
def test_meta_refresh(html: str, target: str | None) -> None:
    assert links.meta_refresh(html, "http://paper.example.cn/") == target


def test_wrong_selector_and_pattern() -> None:
    with pytest.raises(ValueError, match="CSS selector"):
        links.articles("<p>", HOME, selector="li[")
    with pytest.raises(ValueError, match="regular expression"):
        links.articles("<p>", HOME, patterns="(")


RSS = """<?xml version="1.0" encoding="{0}"?><rss version="2.0"><channel><title>工会</title><link>/</link>
<item><title>云溪县总工会送温暖</title><link>http://a.cn/1.html</link>
<pubDate>Thu, 09 Mar 2023 20:30:00 GMT</pubDate></item>
<item><title><![CDATA[职工 <b>书屋</b>]]></title><link>/2.html</link>
<pubDate>2023-03-08 10:00:00</pubDate></item>
<item><title>无地址</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>技能竞赛开赛</title>
<link rel="self" href="/self"/><link href="/3.html"/><updated>2023-03-09T23:00:00Z</updated></entry></feed>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_rss(encoding: str) -> None:
    found = feeds.feed(RSS.format(encoding).encode(encoding), "http://a.cn/rss.xml")
    assert [(link.url, link.date) for link in found] == [
        ("http://a.cn/1.html", date(2023, 3, 10)),
        ("http://a.cn/2.html", date(2023, 3, 8)),
    ]
    assert found[0].hints == {"title": "云溪县总工会送温暖", "listed": "2023-03-10"}


def test_atom() -> None:
    (found,) = feeds.feed(ATOM.encode(), "http://a.cn/atom")
    assert (found.url, found.title, found.date) == ("http://a.cn/3.html", "技能竞赛开赛", date(2023, 3, 10))


def test_sitemaps() -> None:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    index = f"<sitemapindex {space}><sitemap><loc>http://a.cn/s1.xml</loc></sitemap></sitemapindex>"
    pages = f"""<urlset {space} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
    <loc>http://a.cn/1.html</loc><lastmod>2023-03-09</lastmod><news:news><news:title>送清凉</news:title>
    <news:publication_date>2023-03-08T22:00:00+08:00</news:publication_date></news:news></url></urlset>"""
    assert [m.url for m in feeds.sitemap(index.encode(), HOME).maps] == ["http://a.cn/s1.xml"]
    (page,) = feeds.sitemap(pages.encode(), HOME).pages
    assert (page.date, page.hints["listed"], page.title) == (date(2023, 3, 8), "2023-03-08", "送清凉")


def test_issues_of_a_month() -> None:
    data = """<period_list><period id="1"><period_date>2023-03-09</period_date>
    <front_page>09/node_2.htm</front_page></period><period><period_date/></period></period_list>"""
    (found,) = feeds.issues(data.encode(), "http://paper.example.cn/html/2023-03/paper_existed.xml")
    assert (found.url, found.date) == (ISSUE, date(2023, 3, 9))


def test_feeds_resolve_no_entities(tmp_path) -> None:  # type: ignore[no-untyped-def]
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    data = f"""<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY a "aaaaaaaaaa">
    <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
    <rss><channel><item><title>&x;&c;工会</title><link>http://a.cn/1.html</link></item></channel></rss>"""
    assert all(
        "geheim" not in link.title and "aaaa" not in link.title for link in feeds.feed(data.encode(), HOME)
    )


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_as_feeds(data: bytes) -> None:
    feeds.feed(data, HOME)
    feeds.sitemap(data, HOME)
    feeds.issues(data, HOME)


@given(st.text(alphabet="<>a=\"'/hrefli 下一页2.://#?", max_size=120))
def test_any_string_is_read_for_links(html: str) -> None:
    links.articles(html, HOME)
    links.leaves(html, HOME)
    links.next_list_page(html, HOME)
    links.meta_refresh(html, HOME)
