"""Budgets of look-ups: in all, per host, and of all strangers together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from node.wire.budget import Pace, RequestBudget, for_own_traces, for_strangers


@given(st.lists(st.sampled_from(["a.test", "b.test", "c.test"]), max_size=60))
def test_no_order_of_requests_spends_more_than_there_is(hosts: list[str]) -> None:
    budget = RequestBudget(requests=10, per_host=4)
    granted = [host for host in hosts if budget.spend(host)]
    assert all(granted.count(host) <= 4 for host in granted)
    assert len(granted) == min(10, sum(min(4, hosts.count(host)) for host in set(hosts)))


def test_strangers_together_cannot_aim_this_node_at_one_host() -> None:
    pace = Pace(per_minute=60)
    granted = sum(for_strangers(pace, minute=1).spend("victim.test") for _ in range(1000))
    assert granted == 60


def test_the_next_minute_begins_anew_and_other_hosts_are_not_held_up() -> None:
    pace = Pace(per_minute=1)
    assert for_strangers(pace, minute=1).spend("a.test")
    assert not for_strangers(pace, minute=1).spend("a.test")
    assert for_strangers(pace, minute=1).spend("b.test")
    assert for_strangers(pace, minute=2).spend("a.test")


def test_what_was_refused_is_not_taken_from_the_budget() -> None:
    pace = Pace(per_minute=0)
    budget = RequestBudget(requests=1, per_host=1, pace=pace)
    assert not budget.spend("a.test")
    assert budget.spent.total() == 0


def test_own_traces_have_no_common_pace() -> None:
    assert for_own_traces().pace is None


def test_what_is_spent_on_offers_takes_nothing_from_the_budget_of_the_chain() -> None:
    budget = for_own_traces(8)
    offers = budget.apart()

    assert [offers.spend("mallory.test") for _ in range(3)] == [True, True, False]
    assert budget.spent.total() == 0
