"""Bugs in the life of a write, in what is owned, and about other hands."""

from tests.teeth.seeded import Bug

LIFE = "tests/core/control/test_life_of_a_write.py::"
HOME = "tests/core/control/test_going_home.py::"
HANDS = "tests/core/control/test_other_hands.py::"
TICKS = "tests/agent/test_ten_thousand_ticks.py::"

BUGS: tuple[Bug, ...] = (
    Bug(
        "writes a power that the firmware refuses while its switch is off",
        "core.control.settle",
        "    return replace(want, value=want.have)\n",
        "    return want\n",
        ("tests/core/control/test_peak_shaving.py"
         "::test_a_power_that_is_kept_only_while_shaving_is_on_is_not_written_beside_one_that_is_off",),
    ),
    Bug(
        "takes the portal's word for it: what was acknowledged is done",
        "core.control.writes",
        "    return LookAgain(1)\n",
        '    return Close(_closed(write, now, "confirmed", write.value, ""))\n',
        (LIFE + "test_whatever_was_answered_but_a_refusal_is_read_back",),
    ),
    Bug(
        "sends again when an answer got lost",
        "agent.writer",
        "            reply = self._hand.send(write.serial, write.setting, write.value)\n",
        "            reply = self._hand.send(write.serial, write.setting, write.value)\n"
        "            if reply.answer is Answer.LOST:\n"
        "                reply = self._hand.send(write.serial, write.setting, write.value)\n",
        (TICKS + "test_a_lost_answer_is_followed_by_reading_and_never_by_sending_again",),
    ),
    Bug(
        "repeats a command on the line as if it were a read",
        "portal.session",
        "1 if request.control else self._pace.attempts)",
        "self._pace.attempts)",
        ("tests/portal/test_traps.py::test_trap_11_a_timeout_of_a_write_is_neither_yes_nor_no",),
    ),
    Bug(
        "sends before the intent is on the disk",
        "agent.writer",
        "        self._state.record(intents)\n        return [",
        "        from luxagent.core.fold import fold_all\n"
        "        self._state.memory = fold_all(self._state.memory, intents)\n        return [",
        ("tests/agent/test_writing.py::test_a_disk_that_takes_one_event_not_leaves_a_state_that_reading_settles",),
    ),
    Bug(
        "leaves it to the disk when an intent is written for good",
        "store.db",
        '            connection.execute("PRAGMA synchronous = FULL")\n            for',
        '            connection.execute("PRAGMA synchronous = OFF")\n            for',
        ("tests/store/test_ledger.py::test_what_is_appended_is_synced_before_the_next_step",),
    ),
    Bug(
        "forgets at its start what was under way when it died",
        "agent.tick",
        "            settle_open(self._reader, self.state, self._clock)\n",
        "            pass\n",
        ("tests/agent/test_starting_in_the_middle.py::test_an_open_write_is_read_before_anything_else",),
    ),
    Bug(
        "holds a write back because one before it, which never arrived, was so recent",
        "core.control.guards",
        "        and not attempt.homeward\n        and not attempt.lapsed\n",
        "        and not attempt.homeward\n",
        ("tests/core/control/test_guards.py::test_a_write_that_lapsed_does_not_count_as_taken",),
    ),
    Bug(
        "compares what it reads back as text",
        "core.facts.settings",
        "        return abs(wanted - found) < describe(name).step / 2 + 1e-9\n",
        "        return str(wanted) == str(found)\n",
        (LIFE + "test_a_value_within_half_a_step_confirms",),
    ),
    Bug(
        "reads back only once",
        "core.control.writes",
        "LOOKS = 2\n",
        "LOOKS = 1\n",
        (LIFE + "test_the_first_look_never_condemns",),
    ),
    Bug(
        "calls a write failed that could not be read back",
        "core.control.writes",
        "        return LeaveOpen()\n",
        '        return Close(_closed(write, now, "unproven", found, ""))\n',
        (LIFE + "test_what_cannot_be_read_twice_stays_open",),
    ),
    Bug(
        "settles an open write without having read anything",
        "core.control.writes",
        "        return None\n",
        '        return _closed(write, now, "lapsed", None, "")\n',
        (LIFE + "test_an_open_write_that_cannot_be_read_stays_open",),
    ),
    Bug(
        "switches on although the limit before it was not proven",
        "agent.writer",
        "if not self._waits(change, results)]",
        "if change is not None]",
        (TICKS + "test_a_switch_whose_limit_was_not_proven_a_moment_ago_stays_off",),
    ),
    Bug(
        "begins a charge although the forced discharge before it was not proven to have ended",
        "agent.writer",
        "            and (setting in change.needs or switch_of(setting) == want.setting)\n",
        "            and (setting == want.setting or switch_of(setting) == want.setting)\n",
        (TICKS + "test_a_charge_does_not_begin_while_the_inverter_will_not_stop_discharging",),
    ),
    Bug(
        "sends what quarrels in any order, so that a death in between leaves both",
        "core.control.asking",
        "clash(name, value, self._there) and not clash(name, value, self._after)\n",
        "clash(name, value, self._there) and not clash(name, value, self._there)\n",
        ("tests/core/control/test_guards.py"
         "::test_a_charge_begins_only_after_the_discharge_that_gives_way_to_it",),
    ),
    Bug(
        "gives the limits back first and the switch last",
        "core.control.changes",
        "    if homeward:\n        return -1 if",
        "    if homeward and not setting:\n        return -1 if",
        (HOME + "test_limits_go_first_when_taking_and_the_switch_goes_first_when_going_home",),
    ),
    Bug(
        "moves the edges of a window in any order, through one that is open half the day",
        "portal.live.windows",
        "            cost = (max(harm, default=0), len(path), sum(harm), tuple",
        "            cost = (0, len(path), 0, tuple",
        ("tests/portal/test_windows.py::test_where_an_order_without_harm_exists_it_is_taken",),
    ),
    Bug(
        "asks an account that may not write again and again",
        "core.rights",
        " and rest(memory, device.serial, now) <= timedelta()\n",
        "\n",
        ("tests/core/test_rights.py::test_a_refusal_holds_that_inverter_and_leaves_the_other_alone",),
    ),
    # What is owned
    Bug(
        "owns a setting only once the write is proven, and forgets it if it dies before",
        "core.fold",
        "    if e.rule is not None:\n",
        "    if e.rule is None:\n",
        (LIFE + "test_a_setting_is_owned_from_the_intent_on",),
    ),
    Bug(
        "takes what the last rule left for what was before, when another takes over",
        "core.fold",
        "        before = e.before if held is None else held.before\n",
        "        before = e.before\n",
        (HOME + "test_before_is_kept_while_rules_hand_over_to_each_other",),
    ),
    Bug(
        "passes the baseline by on its way home",
        "core.control.wants",
        "    if name in policy.baseline:\n",
        "    if name in policy.baseline and owned is None:\n",
        ("tests/core/control/test_restore.py"
         "::test_the_baseline_is_home_where_it_speaks_and_other_settings_of_it_are_left_alone",),
    ),
    Bug(
        "does not keep owned.json up to date before the request leaves",
        "store.ledger",
        "            self.damage = None\n        self._owned.save(state.memory, state.last)\n",
        "            self.damage = None\n",
        ("tests/store/test_ledger.py::test_owned_json_follows_every_change_of_what_is_owned",),
    ),
    Bug(
        "forgets that somebody said pause when the ledger is damaged",
        "store.owned",
        "                memory = _with_said(memory, decode_said(said))\n",
        "                decode_said(said)\n",
        ("tests/store/test_damage.py::test_after_damage_what_people_have_said_still_holds",),
    ),
    Bug(
        "gives ownership up when a way home was tried, proven or not",
        "core.fold",
        '    if e.outcome == "confirmed":\n        after = None if write.rule is None else',
        '    if e.outcome or write:\n        after = None if write.rule is None else',
        (LIFE + "test_ownership_ends_when_home_is_proven_and_not_before",),
    ),
    Bug(
        "leaves a quick charge running when its rule lets go",
        "core.control.tasks",
        "    return replace(want, value=False, because=because, homeward=True)\n\n\ndef task_want",
        "    return replace(want, value=None, because=because, homeward=True)\n\n\ndef task_want",
        (HOME + "test_a_quick_charge_of_ours_that_still_runs_is_stopped_when_the_rule_lets_go",),
    ),
    Bug(
        "stops a quick charge that somebody else has started",
        "core.control.tasks",
        '        return replace(want, value=None, because="no rule wants it")\n',
        '        return replace(want, value=False, because="no rule wants it")\n',
        (HOME + "test_a_quick_charge_of_somebody_else_is_left_alone",),
    ),
    Bug(
        "starts a quick charge anew whenever it has run out",
        "core.control.tasks",
        "    if not owned.proven:\n        return want\n",
        "    if not owned.proven or want.have is False:\n        return want\n",
        (HOME + "test_quick_charge_is_started_once_each_time_its_rule_takes",),
    ),
    # Other hands
    Bug(
        "fights whoever changes a setting in the app",
        "core.control.guards",
        "    return any(row is not None and ask.now - row.at < timedelta(seconds=length) for row in rows)\n",
        "    return False\n",
        (HANDS + "test_ownership_ends_and_the_setting_is_left_alone_for_the_time_the_file_says",),
    ),
    Bug(
        "goes on owning what a person has changed since",
        "core.fold",
        "    si.OverrideSeen: _gone,\n",
        "",
        (HANDS + "test_ownership_ends_and_the_setting_is_left_alone_for_the_time_the_file_says",),
    ),
    Bug(
        "takes its own write that landed late for another hand",
        "core.control.hands",
        "    return not (_is_ours(want, device, about) or _follows(want, device))\n",
        "    return not _follows(want, device)\n",
        (HANDS + "test_our_own_late_write_is_not_another_hand",),
    ),
    Bug(
        "takes for another hand what the inverter made of a write",
        "core.sent",
        "    return e.outcome != \"lapsed\" and e.at - write.at <= CLAMP_WITHIN\n",
        "    return False\n",
        (HANDS + "test_a_clamp_beyond_what_was_asked_for_is_the_inverters_own_too",),
    ),
    Bug(
        "sets a switch by hand without the limits that go before it",
        "core.decide",
        "changes=with_first(decision.changes, [",
        "changes=with_first([], [",
        ("tests/core/control/test_by_hand.py"
         "::test_where_no_agent_runs_what_must_be_in_place_before_a_switch_goes_with_it",),
    ),
    Bug(
        "switches shaving on with the last write of the hour, and its power is left at nothing",
        "core.control.asking",
        "        return [*self._granted, *follow]\n",
        "        return [*self._granted, *follow[1:]]\n",
        ("tests/core/control/test_peak_shaving.py"
         "::test_shaving_is_not_switched_on_with_the_last_write_of_the_hour",),
    ),
    Bug(
        "forgets the power that a rule takes away with peak shaving",
        "core.control.settle",
        "        out.events += _kept_in_mind(device, about, out)\n",
        "",
        ("tests/core/control/test_peak_shaving.py"
         "::test_a_power_that_a_rule_takes_away_with_the_switch_comes_back_after_it",),
    ),
    Bug(
        "leaves a group's quick charge to an inverter that is away",
        "core.control.stand_in",
        "    if there[:1] != [device] or any(",
        "    if there or any(",
        ("tests/core/control/test_quick_charge_that_changes_hands.py"
         "::test_what_an_inverter_began_that_is_away_is_ended_by_another_one_of_its_group",),
    ),
    Bug(
        "takes windows that the inverter cut, and that are read much later, for another hand's",
        "core.facts.settings",
        "    if isinstance(wanted, tuple) and isinstance(found, tuple):\n        sent = _edges(wanted)\n",
        "    if wanted is found:\n        sent = _edges(wanted)\n",
        (HANDS + "test_windows_that_the_inverter_cut_to_whole_hours_are_its_own_also_long_after",),
    ),
    Bug(
        "tries a wrong password all day because the portal says please try again",
        "portal.login",
        "        if said_in(words, _CREDENTIALS) and",
        "        if words is None and",
        ("tests/portal/test_session.py::test_a_refused_password_is_tried_exactly_once",),
    ),
    Bug(
        "does not notice that the ledger has lost a pause",
        "store.ledger",
        "        return written or self._owned.event > self._state.last\n",
        "        return written\n",
        ("tests/store/test_damage.py::test_a_pause_in_a_lost_end_of_the_write_ahead_log_still_holds",),
    ),
    Bug(
        "holds floors where the charge alone goes by voltage",
        "core.control.guards",
        "    return describe(ask.want.setting).soc_of in (ask.device.by_voltage or ())\n",
        "    return bool(ask.device.by_voltage) and describe(ask.want.setting).soc_of is not None\n",
        ("tests/core/control/test_guards.py"
         "::test_voltage_control_holds_the_soc_settings_of_what_goes_by_voltage_only",),
    ),
    Bug(
        "never tells what begins while the disk has been full for a while",
        "agent.alarms",
        "        return memory if self._looked_at is None else replace(memory, ticked_at=self._looked_at)\n",
        "        return memory\n",
        ("tests/agent/test_writing.py"
         "::test_an_outage_is_told_once_though_the_disk_takes_nothing_and_that_it_takes_again",),
    ),
)  # fmt: skip
