"""Every write of people and households. Permission is asked for the region of who is concerned, before and after; what is
outside the user's area raises NotPermitted (404 on pages), what a rule forbids RuleError with the form field's name."""

from linli.registry.people.actions.births import adopt, record_birth
from linli.registry.people.actions.families import (
    change_head,
    end_kin,
    found_household,
    join_household,
    leave_household,
    set_kin,
    set_relation,
    update_household,
)
from linli.registry.people.actions.marriages import divorce, marry
from linli.registry.people.actions.moving import (
    correct_living,
    move_household,
    move_in,
    move_out,
    move_within,
    set_hukou,
    update_living,
)
from linli.registry.people.actions.registering import (
    Revealed,
    record_death,
    register_person,
    reveal_person,
    update_person,
    verify_people,
    verify_person,
    withdraw_death,
)
from linli.registry.people.actions.regrouping import (
    Destination,
    clear_homes,
    merge_households,
    split_household,
)
from linli.registry.people.actions.steps import Family, Place, place_text

__all__ = [
    "Destination",
    "Family",
    "Place",
    "Revealed",
    "adopt",
    "change_head",
    "clear_homes",
    "correct_living",
    "divorce",
    "end_kin",
    "found_household",
    "join_household",
    "leave_household",
    "marry",
    "merge_households",
    "move_household",
    "move_in",
    "move_out",
    "move_within",
    "place_text",
    "record_birth",
    "record_death",
    "register_person",
    "reveal_person",
    "set_hukou",
    "set_kin",
    "set_relation",
    "split_household",
    "update_household",
    "update_living",
    "update_person",
    "verify_people",
    "verify_person",
    "withdraw_death",
]
