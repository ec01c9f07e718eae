"""The words of the interface, in both languages."""

import string
from typing import get_args

import pytest

from extract import model, words
from unionkb import i18n, tables


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_every_word_is_there_in_both_languages_with_the_same_values():
    for key, languages in i18n.catalogue().items():
        assert _fields(languages["zh"]) == _fields(languages["en"]), key
        for language in i18n.LANGUAGES:
            assert languages[language] == languages[language].strip(), key


def test_values_are_put_in():
    assert i18n.text("chart.rest", "zh", count=7) == "其余 7 个"
    assert i18n.text("chart.rest", "en", count=7) == "7 others"
    with pytest.raises(KeyError):
        i18n.text("no such key", "en")


def test_every_value_and_column_of_the_facts_has_words():
    for field in tables.load("facts")["fields"]:
        assert f"column.{field['name']}" in i18n.catalogue()
        for value in field.get("constraints", {}).get("enum", ()):
            assert f"{field['name']}.{value}" in i18n.catalogue()
    assert i18n.label("kind", "people", "zh") == "人数"
    assert i18n.label("kind", "people", "en") == "people"
    assert i18n.label("unit", "人次", "en") == "人次"
    assert i18n.label("per", None, "en") == ""
    assert {f"status.{status}" for status in get_args(model.Status)} <= set(i18n.catalogue())


def test_every_category_has_names():
    for row in words.table("programme_categories"):
        assert row["zh"]
        assert row["en"]
    assert i18n.category("hardship_relief", "zh") == "困难帮扶"
    assert i18n.category("unheard_of", "zh") == "unheard_of"
    assert i18n.category(None, "zh") == ""


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "", ""),
        (0, "0", "0"),
        (7, "7", "7"),
        (999, "999", "999"),
        (1234, "1234", "1.23k"),
        (0.125, "0.125", "0.125"),
        (12_340, "1.23万", "12.3k"),
        (1_000_000, "100万", "1M"),
        (12_340_000, "1234万", "12.3M"),
        (999_999_999, "10亿", "1B"),
        (99_999_999, "1亿", "100M"),
        (320_000_000, "3.2亿", "320M"),
        (5_430_000_000, "54.3亿", "5.43B"),
        (-25_000, "-2.5万", "-25k"),
    ],
)
def test_numbers_are_short(value, zh, en):
    assert i18n.number(value, "zh") == zh
    assert i18n.number(value, "en") == en


def test_money_says_its_unit():
    assert i18n.money(65_000, "zh") == "6.5万元"
    assert i18n.money(65_000, "en") == "CN¥65k"
    assert i18n.money(None, "en") == ""
