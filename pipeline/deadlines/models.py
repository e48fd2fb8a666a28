"""Tables of the deadlines: rules that never change, and the calendar that they count on."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime


class DeadlineRuleRow(Base):
    """One deadline of one filing condition, as loaded once.

    A row is never changed: the id is a digest of all other columns, and a case keeps the row that
    it was registered under. A changed rule is another row; of two rows for one day the one loaded
    last counts. Numbers and margins stand as the office wrote them ("2", "25%", "4h").
    """

    __tablename__ = "deadline_rule"
    __table_args__ = (Index(None, "category", "condition"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    condition: Mapped[str] = mapped_column(Text)
    condition_zh: Mapped[str] = mapped_column(Text)
    condition_en: Mapped[str] = mapped_column(Text)
    amount: Mapped[str | None] = mapped_column(Text)  # None: the source states no deadline
    clock: Mapped[str | None] = mapped_column(Text)
    warning: Mapped[str] = mapped_column(Text)
    supervision: Mapped[str] = mapped_column(Text)
    rework: Mapped[str] = mapped_column(Text)
    weather: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str] = mapped_column(Text)
    example: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarYear(Base):
    """A year whose holidays are announced, and by what we know."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarDay(Base):
    """A day that differs from plain weekdays: a holiday, or a weekend day that is worked."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    worked: Mapped[bool]
    name: Mapped[str] = mapped_column(Text)


class WorkingHoursRow(Base):
    """Working hours of one season: "05-01" to "09-30", "08:30-11:30,13:00-16:30"."""

    __tablename__ = "working_hours"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    season_from: Mapped[str] = mapped_column(Text)
    season_to: Mapped[str] = mapped_column(Text)
    hours: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class WeatherPause(Base):
    """A time of weather that the office declared: it stops the clocks of rules that name it."""

    __tablename__ = "weather_pause"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: it lasts


class CalendarState(Base):
    """One row that is another after each change, so that what was read once may be kept."""

    __tablename__ = "calendar_state"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
