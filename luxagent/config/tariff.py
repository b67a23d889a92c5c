"""`tariff`: what a kWh costs by the clock. The first matching period wins, the last one is the rest."""

from luxagent.config.context import Context
from luxagent.config.days import DATES, DAY_KEYS, days_of
from luxagent.config.findings import Fault
from luxagent.config.kinds import DATE, NAME, from_text, quantity
from luxagent.config.nodes import Items, Node, entry_of
from luxagent.config.shape import Fields, Key, Kind, Section, list_of, section
from luxagent.config.times import WINDOWS
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.units import Unit

_PRICE: Kind[float] = from_text(lambda written: quantity(written, Unit.PRICE), {"type": ["number", "string"]})

_NAME = Key("name", NAME, "What conditions call this period.", required=True)
_TIME = Key("time", WINDOWS, "A span of the day, or a list of them; absent is the whole day.")
_IMPORT = Key("import", _PRICE, "What a bought kWh costs; may be negative.", required=True)
_EXPORT = Key("export", _PRICE, "What a sold kWh earns; may be negative. Absent is nothing.")
_CONDITIONS = (_TIME, *(key for key in DAY_KEYS if key is not DATES), DATES)
_PERIOD = Section("period", "a tariff period", (_NAME, *_CONDITIONS, _IMPORT, _EXPORT))


def _period(fields: Fields, _context: Context) -> Period:
    return Period(
        name=fields.get_or(_NAME, ""),
        import_price=fields.get_or(_IMPORT, 0.0),
        export_price=fields.get_or(_EXPORT, 0.0),
        windows=fields.get_or(_TIME, ()),
        days=days_of(fields),
    )


_LIST = list_of(section(_PERIOD, _period), "tariff periods", least=1)


def _periods(node: Node, context: Context) -> tuple[Period, ...]:
    periods = _LIST.read(node, context)
    items = node.items if isinstance(node, Items) else ()
    for index, item in enumerate(items):
        conditional = any(entry_of(item, key.name) is not None for key in _CONDITIONS)
        last = index == len(items) - 1
        if last and conditional:
            message = "the last period is the rest of the time, so it has no time, days, months or dates"
            context.error(item.place, Fault(message, "add one more with just a name and its prices"))
        if not last and not conditional:
            message = "a period without time, days, months or dates hides all periods below it"
            context.error(item.place, Fault(message, "it belongs at the end"))
    return periods


_CURRENCY = Key("currency", NAME, "The currency of the prices, for people: USD.")
_HOLIDAYS = Key("holidays", list_of(DATE, "dates"), "Dates that count as `holiday`: 2026-07-03.")
_PERIODS = Key(
    "periods", Kind(_periods, _LIST.schema), "The periods; the first that matches counts.", required=True
)
SECTION = Section("tariff", "the tariff", (_CURRENCY, _HOLIDAYS, _PERIODS))


def _tariff(node: Node, context: Context) -> Tariff:
    context.known.holidays = entry_of(node, "holidays") is not None
    fields = SECTION.read(node, context)
    periods = fields.get_or(_PERIODS, ())
    context.known.periods = tuple(period.name for period in periods)
    return Tariff(periods, fields.get_or(_CURRENCY, ""), frozenset(fields.get(_HOLIDAYS) or ()))


TARIFF: Kind[Tariff] = Kind(_tariff, SECTION.schema())
