"""Units of measure, Chinese quantities among them, at the boundary of the model."""

from functools import cache
from typing import TYPE_CHECKING, Any

from sim.text import Refused, Text

if TYPE_CHECKING:
    import pint

DEFINITIONS = """
percent = 0.01 = % = 百分点
Dmnl = 1 = dmnl = Dimensionless = dimensionless = Unitless = unitless = 无量纲
Year = 365.25 * day = 年 = year = Years = years = yr
Quarter = Year / 4 = 季度 = quarter = Quarters = quarters = qtr
Month = Year / 12 = 月 = month = Months = months = mo
Week = 7 * day = 周 = week = Weeks = weeks = wk
Day = day = 天 = Days = days
Hour = day / 24 = 小时 = hour = Hours = hours = hr
Minute = Hour / 60 = 分钟 = minute = Minutes = minutes = min
Second = second = Seconds = seconds
元 = [money]
万元 = 1e4 * 元
亿元 = 1e8 * 元
人 = [people] = person = Person = people = People = persons = Persons
万人 = 1e4 * 人
人次 = [visits]
万人次 = 1e4 * 人次
口 = [wells]
家 = [firms]
户 = [households]
床 = [beds]
张 = 床
万张 = 1e4 * 床
夜 = [nights]
万夜 = 1e4 * 夜
吨 = [coal]
万吨 = 1e4 * 吨
亿吨 = 1e8 * 吨
立方米 = [gas]
万立方米 = 1e4 * 立方米
亿立方米 = 1e8 * 立方米
亿方 = 亿立方米
平方米 = [area]
万平方米 = 1e4 * 平方米
亩 = 10000 / 15 * 平方米
万亩 = 1e4 * 亩
公顷 = 1e4 * 平方米
平方公里 = 1e6 * 平方米
美元 = [dollars] = dollar = Dollar = dollars = Dollars
吨标煤 = [energy]
万吨标煤 = 1e4 * 吨标煤
吨二氧化碳 = [carbon]
万吨二氧化碳 = 1e4 * 吨二氧化碳
"""
"""Mass, volume and money have dimensions of their own here: tonnes of coal and cubic metres of
gas are never to be added to those of anything else."""

COUNTED = "个辆套座台头只株件班所栋条"
"""What is counted by one of these words, or by 10⁴ of it, is of a kind of its own."""

SHARES = {("Dmnl", "%"), ("Dmnl", "百分点"), ("1/Year", "%/年"), ("1/Year", "百分点/年")}
"""Shares and growth in percent, by far the most frequent conversions: they spare pint's import."""


@cache
def registry() -> "pint.UnitRegistry[Any]":
    """Pint with the units of this project."""
    import pint  # 0.2 s: only when two units differ in their spelling

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(None, cache_folder=None)
    units.define("second = [time] = s")
    units.define("day = 86400 * second")
    for line in DEFINITIONS.strip().splitlines():
        units.define(line)
    for word in COUNTED:
        units.define(f"{word} = [{word}]")
        units.define(f"万{word} = 1e4 * {word}")
    return units


@cache
def factor(unit: str, wanted: str) -> float:
    """What a number in `unit` is multiplied by to be in `wanted`.

    Raises Refused when one is not known, or the two do not measure the same.
    """
    if unit == wanted:
        return 1.0
    if (unit, wanted) in SHARES:
        return 100.0
    import pint

    try:
        return float(registry().Quantity(1.0, unit).to(wanted).magnitude)
    except (pint.UndefinedUnitError, pint.DimensionalityError, pint.DefinitionSyntaxError) as error:
        raise Refused(
            Text(
                f"单位“{unit}”不能换算成“{wanted}”（{error}）",
                f"the unit {unit!r} cannot be converted into {wanted!r} ({error})",
            )
        ) from error
