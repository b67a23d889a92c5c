"""Bugs in judging, in groups, in what is believed, on the wire, and in alerts."""

from tests.teeth.seeded import Bug

TRAPS = "tests/portal/test_traps.py::"
FRESH = "tests/core/plant/test_freshness.py::"
WINS = "tests/core/control/test_which_rule_decides.py::"
LATCH = "tests/core/policy/test_latches.py::"

BUGS: tuple[Bug, ...] = (
    Bug(
        "takes what is not known for false, so that its opposite is true",
        "core.policy.compile",
        "        return None if value is None else not value\n",
        "        return not value\n",
        ("tests/core/policy/test_random_trees.py::test_and_or_not_follow_kleene",),
    ),
    Bug(
        "lets a rule go the moment its reading is unknown",
        "core.control.standing",
        "        if was.on and now - was.unknown_since > standing.grace:\n",
        "        if was.on:\n",
        ("tests/core/control/test_going_home.py"
         "::test_an_unknown_reading_keeps_a_rule_for_its_grace_and_then_lets_it_go_home",),
    ),
    Bug(
        "holds a rule for ever once its reading is unknown",
        "core.control.standing",
        "        if was.on and now - was.unknown_since > standing.grace:\n",
        "        if was.on and now < was.unknown_since:\n",
        ("tests/core/control/test_going_home.py"
         "::test_an_unknown_reading_keeps_a_rule_for_its_grace_and_then_lets_it_go_home",),
    ),
    Bug(
        "lets the lowest rule decide",
        "core.control.wants",
        "    for index, value in policy.by_setting.get(name, ()):\n",
        "    for index, value in reversed(policy.by_setting.get(name, ())):\n",
        (WINS + "test_the_first_holding_rule_wins_whatever_stands_below",),
    ),
    Bug(
        "starts a quick charge on each inverter of a group",
        "core.control.wants",
        "is_task(name) and not device.primary\n",
        "False\n",
        (WINS + "test_quick_charge_is_asked_of_the_primary_alone",),
    ),
    Bug(
        "does not say that half of a group refuses",
        "core.control.groups",
        "        if any(right) and not all(right):\n",
        "        if not any(right) and all(right):\n",
        ("tests/core/control/test_groups.py"
         "::test_partial_success_is_said_once_and_the_other_half_is_tried_again",),
    ),
    Bug(
        "believes an old upload that comes after a newer one",
        "core.plant.freshness",
        "    late = reading.uploaded_at is None or reading.uploaded_at != newest\n",
        "    late = reading.uploaded_at is None\n",
        (FRESH + "test_an_older_upload_after_a_newer_one_is_ignored",),
    ),
    Bug(
        "believes a SOC that jumps",
        "core.plant.freshness",
        "    return moved > JUMP_PCT or (moved > EDGE_JUMP_PCT and after in (0.0, 100.0))\n",
        "    return moved > 100\n",
        (FRESH + "test_a_soc_that_jumps_is_unknown_until_the_next_upload_agrees",),
    ),
    Bug(
        "believes what a lost inverter last said",
        "core.plant.freshness",
        "        return _darkened(device, age_s, Unknown.LOST), before\n",
        "        return device, before\n",
        (FRESH + "test_a_device_the_portal_does_not_hear_is_offline_and_nothing_else_is_known",),
    ),
    Bug(
        "reads a field that is missing as zero",
        "portal.fields",
        "            value = number(answer.get(row.portal))\n",
        "            value = number(answer.get(row.portal, 0))\n",
        (TRAPS + "test_trap_8_absent_is_never_zero",),
    ),
    Bug(
        "believes an answer that speaks of another device",
        "portal.desk",
        '            if told not in (None, "") and str(told) != serial:\n',
        '            if told not in (None, "") and not str(told):\n',
        (TRAPS + "test_an_answer_for_another_device_is_not_believed",),
    ),
    Bug(
        "turns the house off where it means to let the inverter run",
        "core.facts.portal_names",
        '    "operating_mode": {0: "standby", 1: "normal"},  # upside',
        '    "operating_mode": {1: "standby", 0: "normal"},  # upside',
        (TRAPS + "test_trap_3_standby_is_upside_down_on_the_live_wire_only",),
    ),
    Bug(
        "asks for megawatts where the portal speaks of kilowatts",
        "portal.codes",
        "KILOWATTS = Number(25_500, factor=1000, decimals=1)\n",
        "KILOWATTS = Number(25_500)\n",
        (TRAPS + "test_trap_12_powers_are_kilowatts_in_text_whatever_their_name",),
    ),
    Bug(
        "sends in a dialect of which it is not sure",
        "portal.hand",
        "        if not self._client.wire_sure:\n",
        "        if self._client is None:\n",
        ("tests/portal/test_hand.py::test_nothing_is_sent_while_the_wire_is_not_sure",),
    ),
    Bug(
        "lets a rule go as soon as the value is back, whatever its `until` says",
        "core.policy.compare",
        "        if taken is True or not on:\n",
        "        if taken is not None or not on:\n",
        (LATCH + "test_takes_at_x_and_stays_until_z",),
    ),
    Bug(
        "lets a cron rule fire in the second passing of the hour that autumn repeats",
        "core.values.wallclock",
        "        return found[0]\n",
        "        return found[-1]\n",
        ("tests/core/values/test_cron.py::test_fires_once_whatever_the_clocks_do",),
    ),
    Bug(
        "counts a `for` on over hours in which it did not look",
        "core.policy.memories",
        "    gap = scene.ticked_at is not None and now - scene.ticked_at > patience\n",
        "    gap = False\n",
        ("tests/core/policy/test_timers.py::test_a_gap_in_ticks_longer_than_stale_after_starts_it_anew",),
    ),
    Bug(
        "begins a `for` anew at each tick where ticks are rarer than stale_after",
        "core.policy.rules",
        "        return max(self.guards.stale_after_s, MOST_TICKS_APART * self.interval_s)\n",
        "        return self.guards.stale_after_s\n",
        ("tests/core/policy/test_timers.py"
         "::test_it_is_over_at_the_first_tick_after_its_time_however_far_apart_the_ticks_are",),
    ),
    Bug(
        "tells that all is well because it cannot see any more",
        "core.alerts.life",
        "    if sight.truth is False and _is_over(",
        "    if sight.truth is not True and _is_over(",
        ("tests/core/alerts/test_life_of_an_alert.py::test_unknown_never_ends_it",),
    ),
    Bug(
        "tells of an alert again with every tick",
        "core.alerts.life",
        " or now - told < timedelta(seconds=alarm.repeat_s):",
        " or now < told:",
        ("tests/core/alerts/test_life_of_an_alert.py::test_reminders_come_at_their_interval",),
    ),
    Bug(
        "sets a discharge going as if that were a way home",
        "core.control.wants",
        "homeward = lower and not (name in MOVES_POWER and value is not False)",
        "homeward = lower",
        (
            WINS + "test_a_discharge_by_a_lower_rule_waits_until_the_upper_ones_charge_is_proven_off",
            WINS + "test_a_lower_rule_sets_nothing_going_on_readings_that_are_old",
        ),
    ),
    Bug(
        "forgets a quick charge whose inverter is no longer the first of its group",
        "core.control.wants",
        "        elif mine is not None or not others or (",
        "        elif not others or (",
        (
            "tests/agent/test_asked_by_people.py::"
            "test_a_quick_charge_ends_though_another_inverter_is_the_groups_first_by_then",
        ),
    ),
    Bug(
        "tells that a rule took over although all of it is held",
        "core.notices",
        "    if waiting and not moves:\n",
        "    if waiting and moves:\n",
        ("tests/core/test_notices.py::test_a_dry_run_neither_takes_over_nor_lets_go",),
    ),
    Bug(
        "never tells of a take that was held back at first",
        "core.notices",
        "    return want.setting in held and want.setting not in missed and",
        "    return want.setting in missed and",
        (
            "tests/core/test_notices.py"
            "::test_a_guard_is_named_and_the_take_is_told_once_when_it_can_be_written",
        ),
    ),
    Bug(
        "loses the sunrise that passes midnight in UTC",
        "core.values.sun",
        "    found = _found(find, observer, day, zone) or _over_midnight_utc(find, observer, day, zone)\n",
        "    found = _found(find, observer, day, zone)\n",
        ("tests/core/values/test_sun_day.py"
         "::test_outside_the_polar_circles_every_event_happens_every_day_and_moves_little",),
    ),
    Bug(
        "sleeps through the windows of alerts",
        "core.control.edges",
        "    for other in policy.alerts:\n",
        "    for other in policy.alerts[:0]:\n",
        ("tests/core/control/test_edges.py"
         "::test_it_wakes_for_a_window_or_cron_of_a_rule_or_an_alert",),
    ),
    Bug(
        "believes a silent GridBOSS against inverters without mains",
        "core.plant.units",
        " - {None} == {\"down\"}:\n",
        " - {None} == set():\n",
        ("tests/core/plant/test_units.py"
         "::test_a_gridboss_that_sees_mains_is_not_believed_against_an_inverter_that_has_none",),
    ),
    Bug(
        "never gives up what waited at home while nothing moved",
        "core.control.settle",
        " or unproven or task or waits:\n",
        " or unproven or task:\n",
        ("tests/core/control/test_late_landings.py"
         "::test_what_waits_at_home_for_a_write_that_may_land_is_given_up_once_that_is_over",),
    ),
)  # fmt: skip
