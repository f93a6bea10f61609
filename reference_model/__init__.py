"""The Livepeer protocol as an executable specification.

Plain integers, no chain, nothing but the standard library.  Each contract is a class, each of its functions a
method of the same name in snake case whose first argument is the caller; each error is an exception of the same
name.  Written from the specification and not from the contracts: where the two disagree, one of them is wrong.

    constants, types, state, exceptions, arithmetic     what the rest is made of
    registry → token, minting, rounds                   who may do what; issuance; the clock
    pool, earnings, stake → orchestrating, bonding      the pool, the factors, the procedures, the operations
    voting, tickets                                     votes at past rounds; payments
    counting, treasury → proposals → governance         stake-weighted decisions, and the treasury that they rule
    polls, snapshots                                    polls about protocol changes; Merkle trees
    protocol                                            all together
    exact                                               the arithmetic without rounding, beside the integers
"""
