"""Bugs in the reasons not to write."""

from tests.teeth.seeded import Bug

QUICK = "tests/core/control/test_quick_charge_that_changes_hands.py::"
STAMPS = "tests/portal/test_stamps.py::"
GUARDS = "tests/core/control/test_guards.py::"
BY_PEOPLE = "tests/agent/test_asked_by_people.py::"

BUGS: tuple[Bug, ...] = (
    Bug(
        "acts on data whose age nobody knows",
        "core.control.guards",
        "    return age_s is None or age_s > ask.rules.stale_after_s\n",
        "    return age_s is not None and age_s > ask.rules.stale_after_s\n",
        (GUARDS + "test_what_is_wrong_with_the_plant_is_the_reason",),
    ),
    Bug(
        "acts on data however old they are",
        "core.control.guards",
        "    return age_s is None or age_s > ask.rules.stale_after_s\n",
        "    return age_s is None\n",
        (GUARDS + "test_what_is_wrong_with_the_plant_is_the_reason",),
    ),
    Bug(
        "takes an inverter for connected of which the portal says nothing",
        "core.control.guards",
        "    return ask.device.online is not True\n",
        "    return ask.device.online is False\n",
        (GUARDS + "test_what_is_wrong_with_the_plant_is_the_reason",),
    ),
    Bug(
        "takes the grid for there while it is not known",
        "core.control.guards",
        '    if ask.reading.get("grid") == "up":\n',
        '    if ask.reading.get("grid") != "down":\n',
        (GUARDS + "test_an_outage_holds_what_would_leave_the_house_worse_off",),
    ),
    Bug(
        "goes on writing what has failed three times",
        "core.control.guards",
        "    return missed >= JAMMED_AFTER\n",
        "    return missed > JAMMED_AFTER\n",
        (GUARDS + "test_three_writes_in_a_row_that_were_not_confirmed_jam_the_setting_until_it_reads_right",),
    ),
    Bug(
        "sends one write more than an hour has",
        "core.control.guards",
        "    return sent >= ask.rules.writes_per_hour + extra\n",
        "    return sent > ask.rules.writes_per_hour + extra\n",
        (GUARDS + "test_the_hours_writes_run_out",),
    ),
    Bug(
        "knows no budget of a day",
        "core.control.guards",
        "    return sent >= ask.rules.writes_per_day - kept\n",
        "    return sent < kept\n",
        (GUARDS + "test_takes_may_not_touch_the_fifth_of_the_day_that_belongs_to_going_home",),
    ),
    Bug(
        "keeps nothing of the day's writes for going home",
        "core.control.guards",
        "    kept = 0 if ask.want.homeward else ask.rules.writes_per_day // HOMEWARD_SHARE\n",
        "    kept = 0\n",
        (GUARDS + "test_takes_may_not_touch_the_fifth_of_the_day_that_belongs_to_going_home",),
    ),
    Bug(
        "has its budgets filled by a clock that is set back",
        "core.control.guards",
        "    sent = sum(1 for attempt in _attempts(ask) if ask.now - attempt.at < timedelta(hours=1))\n",
        "    sent = sum(\n"
        "        1 for one in _attempts(ask) if timedelta() <= ask.now - one.at < timedelta(hours=1)\n"
        "    )\n",
        (GUARDS + "test_a_clock_set_back_refills_no_budget_and_starves_none_for_ever",),
    ),
    Bug(
        "forgets at the tick after a clock was set back what it has sent",
        "core.fold",
        "attempts=not_after(m.attempts, at)",
        "attempts={serial: tuple(a for a in row if a.at <= at) for serial, row in m.attempts.items()}",
        (GUARDS + "test_a_clock_set_back_refills_no_budget_and_starves_none_for_ever",),
    ),
    Bug(
        "may take a setting again at once when the clock is set back",
        "core.control.guards",
        "        and ask.now - attempt.at < since\n",
        "        and timedelta() <= ask.now - attempt.at < since\n",
        (GUARDS + "test_a_clock_set_back_does_not_free_a_setting_to_be_taken_again",),
    ),
    Bug(
        "does not count what it is about to send in this very tick",
        "core.control.asking",
        "            self._granted.append(Attempt(about.now, 0, name, want.homeward))\n",
        "",
        (GUARDS + "test_changes_granted_in_this_tick_count_as_well",),
    ),
    Bug(
        "writes what is outside of the limits",
        "core.control.guards",
        "    return limit is None or limit.allows(ask.value)\n",
        "    return limit is not ask\n",
        (GUARDS + "test_nothing_outside_the_limits_goes_out",),
    ),
    Bug(
        "charges and discharges by force at once",
        "core.facts.rivals",
        "        return value is not False and any(there.get(name) is True for name in FORCES_DISCHARGE)\n",
        "        return value is None\n",
        (GUARDS + "test_charge_and_discharge_are_never_forced_together",),
    ),
    Bug(
        "charges by force beside a forced discharge that no rule speaks of",
        "core.control.reading_list",
        "    return ReadingList(needs, names, (asked_for(memory) | looked_at(names)) - names)\n",
        "    return ReadingList(needs, names, asked_for(memory) - names)\n",
        ("tests/agent/test_writing.py"
         "::test_a_forced_discharge_that_no_rule_speaks_of_keeps_a_charge_from_beginning",),
    ),
    Bug(
        "writes to one inverter while another updates its firmware",
        "core.control.guards",
        "    return any(device.updating is True for device in ask.plant.devices)\n",
        "    return ask.device.updating is True\n",
        ("tests/core/control/test_after_an_update.py"
         "::test_an_update_anywhere_in_the_account_holds_everything",),
    ),
    Bug(
        "trusts new firmware at once",
        "core.control.doubt",
        "    return known is not None and known.doubted_at is not None\n",
        "    return known is not None and known.updating\n",
        ("tests/core/control/test_after_an_update.py"
         "::test_another_version_holds_every_write_from_the_tick_that_sees_it",),
    ),
    Bug(
        "goes on while a person said pause",
        "core.control.pausing",
        "    return memory.pause is not None and (",
        "    return memory.pause is not None and memory.pause.until is not None and (",
        ("tests/core/control/test_by_hand.py::test_a_pause_without_a_length_lasts_until_resume",),
    ),
    Bug(
        "does not go home while telemetry is old",
        "core.control.guards",
        "        Reason.OFFLINE,\n        Reason.UNREAD,\n",
        "        Reason.OFFLINE,\n        Reason.STALE,\n        Reason.UNREAD,\n",
        (GUARDS + "test_going_home_is_not_held_by_old_telemetry_or_a_wrong_clock",),
    ),
    Bug(
        "tries a way home that fails again with every tick",
        "core.control.guards",
        "        and ask.now - attempt.at < HOMEWARD_RETRY\n",
        "        and ask.now < attempt.at\n",
        (GUARDS + "test_going_home_that_was_not_proven_is_tried_once_in_ten_minutes",),
    ),
    Bug(
        "keeps its hand when the file turns dry",
        "cli.wiring",
        "        live = not self._policy.dry_run and self._make_hand is not None\n",
        "        live = self._make_hand is not None\n",
        ("tests/cli/test_reload.py::test_dry_to_live_gets_a_hand_and_live_to_dry_loses_it",),
    ),
    Bug(
        "writes in the very tick in which it found its ledger damaged",
        "cli.wiring",
        "            policy=policy if ledger.damage is None else dry(policy),\n",
        "            policy=policy,\n",
        ("tests/cli/test_wiring.py::test_the_tick_after_a_damaged_ledger_writes_nothing_and_the_next_one_does",),
    ),
    Bug(
        "ends when one message in its ledger is damaged",
        "store.outbox",
        "    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:\n",
        "    except ZeroDivisionError as error:\n",
        ("tests/store/test_outbox.py::test_a_damaged_message_is_said_once_and_keeps_no_other_from_arriving",),
    ),
    Bug(
        "sends an alert with every tick while the disk is full",
        "notify.acknowledged",
        "        return [row for row in rows if (row.message.id, row.channel) not in done]\n",
        "        return rows\n",
        ("tests/notify/test_post.py::test_what_was_acknowledged_while_the_disk_was_full_is_not_sent_again",),
    ),
    Bug(
        "never tells anybody anything again once the machine was short of threads",
        "notify.post",
        "        log.warning(\"messages wait: %s\", error)\n        return None\n",
        "        log.warning(\"messages wait: %s\", error)\n        return thread\n",
        ("tests/notify/test_post.py::test_a_machine_without_a_thread_to_spare_delivers_when_it_has_one",),
    ),
    Bug(
        "believes an old upload that the inverter is there when the portal has just said that it is not",
        "portal.reader",
        "                return report if report.online is False else last\n",
        "                return last\n",
        (
            "tests/portal/test_reader.py::"
            "test_an_older_upload_of_a_lagging_node_is_passed_over_but_that_a_device_is_lost_is_believed",
        ),
    ),
    Bug(
        "stays away from a blocked portal for a day and however much its clock was set back",
        "portal.blocks",
        "            self._blocked[kind] = replace(block, until=now + timedelta(seconds=BLOCKED_S))\n",
        "            self._blocked[kind] = replace(block, until=block.until)\n",
        (
            "tests/portal/test_rights_and_offers.py::"
            "test_a_clock_set_back_does_not_lengthen_a_block_beyond_a_day",
        ),
    ),
    Bug(
        "takes a person's number for a write of its own that was never sent",
        "core.control.late",
        "        partly = partly and (isinstance(have, tuple) or sent.outcome != \"confirmed\")\n",
        "        partly = True\n",
        (
            "tests/core/control/test_other_hands.py::"
            "test_a_number_on_the_way_is_ours_only_until_a_later_write_is_proven",
        ),
    ),
    Bug(
        "lets an answer of before vouch for a clock that has just jumped, and forgets a day's writes",
        "portal.session",
        "        return skew_s + (self._steady_began() - began).total_seconds()\n",
        "        return skew_s + (began - began).total_seconds()\n",
        (
            "tests/agent/test_a_clock_that_is_set.py::"
            "test_a_tick_that_asks_the_portal_nothing_finds_it_out_as_well",
            "tests/portal/test_session.py::"
            "test_a_clock_that_was_set_since_the_newest_answer_has_no_witness_in_it",
        ),
    ),
    Bug(
        "takes for the fate of a write that never left it what a person set a moment later",
        "core.sent",
        "    return e.outcome != \"lapsed\" and e.at - write.at <= CLAMP_WITHIN\n",
        "    return e.at - write.at <= CLAMP_WITHIN\n",
        (
            "tests/core/control/test_other_hands.py::"
            "test_after_a_write_that_was_never_answered_only_a_value_next_to_it_is_the_inverters_own",
        ),
    ),
    Bug(
        "writes over a write whose fate it has not read yet",
        "core.control.guards",
        "    return ask.want.have is None or still_open\n",
        "    return ask.want.have is None\n",
        (GUARDS + "test_nothing_is_written_over_a_write_that_is_still_open",),
    ),
    Bug(
        "lets a quick charge run for ever whose stop was lost once",
        "core.control.tasks",
        "    if owned is not None and ours and owned.value is False and not owned.proven:\n",
        "    if owned is not None and ours and owned.value is False and owned.value is True:\n",
        (
            "tests/core/control/test_going_home.py::"
            "test_a_quick_charge_whose_stop_was_lost_is_stopped_again_while_its_rule_holds",
        ),
    ),
    Bug(
        "believes a ledger whose write-ahead log has lost its end",
        "store.ledger",
        "        if not self._is_behind():\n",
        "        if not self._is_behind() or first is False:\n",
        ("tests/store/test_damage.py::test_a_write_ahead_log_that_lost_its_end_loses_nothing_that_is_owned",),
    ),
    Bug(
        "believes a ledger that lacks a table",
        "store.db",
        "    if found != _shape_of(version) or ",
        "    if (not found and version) or ",
        ("tests/store/test_damage.py::test_a_ledger_of_another_shape_is_set_aside",),
    ),
    Bug(
        "shows no journal at all over one row that is no text",
        "store.db",
        '    return found.decode(errors="replace")\n',
        "    return found.decode()\n",
        (
            "tests/store/test_damage.py::"
            "test_text_that_a_flipped_bit_has_made_none_leaves_out_its_own_row_only",
        ),
    ),
    Bug(
        "passes over a message whose state something else has changed, without a word",
        "store.outbox",
        "WHERE state NOT IN ('sent', 'dropped', 'passed on') ORDER",
        "WHERE state = 'waiting' ORDER",
        ("tests/store/test_outbox.py::test_a_damaged_message_is_said_once_and_keeps_no_other_from_arriving",),
    ),
    Bug(
        "calls a disk full that has room, for an id at its end",
        "store.db",
        "isinstance(number, int) and number < 2**60",
        "isinstance(number, int)",
        ("tests/store/test_damage.py::test_a_ledger_of_another_shape_is_set_aside",),
    ),
    Bug(
        "passes over a file that was saved while it started",
        "cli.reload",
        "        self._watch = watch or FileWatch(config.path)\n",
        "        self._watch = FileWatch(config.path)\n",
        (
            "tests/cli/test_reload.py::"
            "test_a_file_that_was_saved_between_its_reading_and_the_first_look_is_read",
        ),
    ),
    Bug(
        "lets visitors that never finish keep a monitor waiting",
        "web.server",
        "SLOWEST_S = 3\n",
        "SLOWEST_S = 30\n",
        (
            "tests/web/test_beside_the_daemon.py::"
            "test_visitors_that_never_finish_their_request_do_not_keep_a_monitor_waiting",
        ),
    ),
    Bug(
        "stops a quick charge that somebody starts after its own has ended",
        "core.fold",
        "put(m.owned, e.serial, name, replace(held, ended=True))",
        "put(m.owned, e.serial, name, replace(held, ended=False))",
        (
            "tests/core/control/test_going_home.py::"
            "test_what_somebody_starts_when_ours_has_ended_is_left_alone",
        ),
    ),
    Bug(
        "takes its own quick charge for somebody's when a node lags",
        "core.fold",
        "    if not e.ended and (not held.proven or e.at - held.taken_at < LATE):\n",
        "    if not e.ended and not held.proven:\n",
        ("tests/core/control/test_going_home.py::test_a_node_that_lags_makes_ours_nobody_elses",),
    ),
    Bug(
        "takes for another hand what landed while nobody could look",
        "core.control.late",
        "    return memory.custody.unread.get(serial, {}).get(setting) or memory.ticked_at or now\n",
        "    return now\n",
        (
            "tests/core/control/test_late_landings.py::"
            "test_what_landed_while_nobody_could_look_is_ours_however_late_it_is_seen",
        ),
    ),
    Bug(
        "believes that it could look when a setting was not to be read",
        "core.custody",
        "        unread = put(unread, e.serial, setting, e.since)\n",
        "        unread = put(unread, e.serial, setting, None)\n",
        (
            "tests/core/control/test_late_landings.py::"
            "test_what_landed_while_nobody_could_look_is_ours_however_late_it_is_seen",
        ),
    ),
    Bug(
        "takes for its own doing what a person set over a write that never left",
        "core.custody",
        "    if not e.left:\n",
        "    if e.left is None:\n",
        (
            "tests/core/control/test_other_hands.py::"
            "test_after_a_write_that_never_left_every_other_value_is_somebodys",
        ),
    ),
    Bug(
        "writes over a value by hand that lies half-way home",
        "core.sent",
        'if write.homeward and write.outcome == "lapsed" and not isinstance(found, tuple):',
        'if write.homeward and write.outcome == "unproven" and not isinstance(found, tuple):',
        (
            "tests/core/control/test_other_hands.py::"
            "test_half_way_home_is_somebodys_where_the_way_home_was_never_answered",
        ),
    ),
    Bug(
        "takes for a value that spreads what a person sets on the other inverter much later",
        "core.control.hands",
        '            within = CLAMP_WITHIN if sent.outcome == "confirmed" else LATE\n',
        "            within = LATE\n",
        ("tests/core/control/test_other_hands.py::test_a_value_that_spreads_through_the_group_is_not_another_hand",),
    ),
    Bug(
        "lets a pause after restore hold what has not come home",
        "core.control.guards",
        "    return is_paused(ask.memory, ask.now) and not on_its_way\n",
        "    return is_paused(ask.memory, ask.now)\n",
        (BY_PEOPLE + "test_what_arrives_after_a_restore_goes_home_although_it_paused",),
    ),
    Bug(
        "believes for a restore what was read minutes ago",
        "agent.tick",
        "        if asked:\n",
        "        if asked and in_rhythm:\n",
        (BY_PEOPLE + "test_restore_sends_home_what_arrived_after_the_last_look",),
    ),
    Bug(
        "believes for what is set by hand what was read minutes ago",
        "agent.tick",
        "        if asked:\n",
        "        if asked and not in_rhythm:\n",
        (BY_PEOPLE + "test_off_by_hand_is_carried_out_though_the_last_look_had_found_it_off",),
    ),
    Bug(
        "holds what is set by hand for what was changed before",
        "core.control.hands",
        "    if want.rule == BY_HAND and _is_older_than_lease(want, about):\n",
        "    if False and _is_older_than_lease(want, about):\n",
        (BY_PEOPLE + "test_off_by_hand_is_carried_out_though_the_last_look_had_found_it_off",),
    ),
    Bug(
        "takes any change for older than what was set by hand",
        "core.control.hands",
        "(looked is None or looked <= lease.since)",
        "(looked is None or looked >= lease.since)",
        (BY_PEOPLE + "test_who_sets_it_in_the_app_after_that_is_another_hand_again",),
    ),
    Bug(
        "gives up what is owned for one wrong answer",
        "agent.tick",
        "again, writes = _strange(decision), ",
        "again, writes = set[str](), ",
        (BY_PEOPLE + "test_a_setting_that_reads_wrong_once_is_read_again_before_anybody_is_named",),
    ),
    Bug(
        "holds a way home for one that was proven a moment ago",
        "core.control.guards",
        "        and not (attempt.lapsed or attempt.proven)\n",
        "        and not attempt.lapsed\n",
        ("tests/core/control/test_going_home.py::test_a_way_home_that_was_proven_does_not_hold_the_next_one",),
    ),
    Bug(
        "tells of a flag for each inverter",
        "core.decide",
        "    first = device in plant.inverters[:1]\n",
        "    first = device in plant.inverters\n",
        ("tests/core/alerts/test_what_asks_no_inverter.py::test_it_is_told_once",),
    ),
    Bug(
        "counts on for an inverter that is away",
        "core.decide",
        "    decision.events += _halted(memory, scenes, moment.at)\n",
        "",
        (
            "tests/core/test_an_inverter_that_is_away.py::"
            "test_a_for_timer_stands_still_and_starts_anew_after_more_than_stale_after",
        ),
    ),
    Bug(
        "makes each inverter a unit of its own when the groups are refused",
        "portal.discovery",
        "        return grouped(found, self._groups[plant.id]) if plant.id in self._groups else found\n",
        "        return found if plant.id in self._refused else grouped(found, self._groups[plant.id])\n",
        (
            "tests/portal/test_devices_come_and_go.py::"
            "test_a_group_that_the_portal_refuses_to_tell_stays_the_group_it_was",
        ),
    ),
    Bug(
        "begins without an agent what nobody would end",
        "cli.errands.set",
        "    if desk.daemon or still or name not in MOVES_POWER:\n",
        "    if desk.daemon or still or name in MOVES_POWER:\n",
        (BY_PEOPLE + "test_without_an_agent_a_charge_set_by_hand_goes_home_though_a_rule_would_have_it_on",),
    ),
    Bug(
        "lets a quick charge run on that another rule took over",
        "core.control.tasks",
        "        if task.now >= task.since + timedelta(seconds=length):\n",
        "        if task.now < task.since:\n",
        (QUICK + "test_what_an_upper_rule_began_is_ended_when_the_lower_ones_own_time_is_over",),
    ),
    Bug(
        "charges once more when the group has another first inverter",
        "core.control.wants",
        "            theirs = group.owned(name) if mine is None and is_task(name) else None\n",
        "            theirs = group.owned(name) if mine is None and others else None\n",
        (QUICK + "test_a_group_whose_first_changes_is_not_charged_once_more_when_ours_is_over",),
    ),
    Bug(
        "begins again by the new first what a person stopped",
        "core.control.guards",
        "    if is_task(name):\n",
        "    if not is_task(name):\n",
        (QUICK + "test_what_a_person_stopped_is_not_begun_again_by_the_groups_new_first",),
    ),
    Bug(
        "starts a rule's quick charge once more after a person's",
        "core.control.tasks",
        "    if owned is not None and task.begun:\n",
        '    if owned is None and task.begun:\n',
        (QUICK + "test_a_rule_that_has_had_its_own_starts_no_other_after_a_persons",),
    ),
    Bug(
        "stops a quick charge that a person has begun anew",
        "core.control.tasks",
        "    if task.end is None or task.left_s is None:\n",
        "    if task.end is None or task.left_s is not None:\n",
        (QUICK + "test_one_that_has_longer_to_go_than_ours_is_somebodys",),
    ),
    Bug(
        "takes a person's quick charge for its own that never came",
        "core.control.hands",
        "    return not owned.proven and landed(memory, device.serial, name, have, now) is None\n",
        "    return not owned.proven and about.restoring\n",
        (QUICK + "test_one_that_begins_long_after_our_last_try_is_not_taken_for_ours",),
    ),
    Bug(
        "takes hours-old data of a node that lags for new",
        "portal.stamps",
        "        if upload.own_clock is None:\n",
        "        if upload.own_clock is None or upload.seen_at - upload.stamp > LAG:\n",
        (STAMPS + "test_a_node_that_lags_by_whole_hours_is_refuted_by_the_inverters_own_clock",),
    ),
    Bug(
        "gives a stop up after three tries",
        "core.control.guards",
        "    if missed < JAMMED_AFTER or not ends_force(ask.want.setting, ask.value):\n",
        "    if missed < JAMMED_AFTER or ends_force(ask.want.setting, ask.value):\n",
        ("tests/core/control/test_stops.py::test_a_stop_that_no_rule_of_ours_began_is_tried_on_as_well",),
    ),
    Bug(
        "holds a rule's stop of what was ours like a take",
        "core.control.wants",
        "            homeward = homeward or (owned is not None and _is_stop(name, value))\n",
        "",
        ("tests/core/control/test_stops.py::test_a_rules_stop_of_what_was_ours_goes_out_on_stale_data",),
    ),
    Bug(
        "lets healthy ways home take the place of a stuck stop",
        "core.control.guards",
        " and not ends:\n        return True\n",
        ":\n        return True\n",
        ("tests/core/control/test_stops.py::test_nor_do_those_of_other_settings_that_were_not",),
    ),
    Bug(
        "brings a discharge home beside a charge of ours that is still on",
        "core.control.guards",
        "        there = {name: one for name, one in there.items() if name in moved and",
        "        there = {name: one for name, one in there.items() if not moved and",
        (GUARDS + "test_what_was_moved_waits_on_the_way_home_for_the_other_that_was",),
    ),
    Bug(
        "keeps an owner who has both on together from getting both back",
        "core.control.guards",
        "    if ask.want.homeward:\n        moved =",
        "    if not ask.want.homeward:\n        moved =",
        (GUARDS + "test_what_an_owner_had_on_together_goes_home_together",),
    ),
    Bug(
        "leaves a charge to nobody that was changed and changed back",
        "core.control.hands",
        " or _undone(want, about)\n",
        "\n",
        ("tests/core/control/test_other_hands.py"
         "::test_a_charge_that_reads_again_as_its_rule_had_set_it_is_ours_again_and_goes_home",),
    ),
    Bug(
        "charges one inverter of a group from what another one discharges",
        "core.control.guards",
        "for those in (after, there, ask.beside))\n",
        "for those in (after, there))\n",
        ("tests/core/control/test_rivals_in_a_group.py"
         "::test_no_charge_begins_beside_a_discharge_of_another_inverter",),
    ),
    Bug(
        "takes windows that a person has cleared for half of its own write",
        "core.control.late",
        " and not (proven and whole) and ",
        " and ",
        ("tests/core/control/test_other_hands.py"
         "::test_windows_that_a_person_clears_after_a_second_try_was_proven_are_theirs",),
    ),
)  # fmt: skip
