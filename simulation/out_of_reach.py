"""What no run can reach, and why; all else that the contracts and the model have must be reached by long campaigns.

`ENTRY_POINTS` and `ERRORS` are of the contracts, `BRANCHES` of the reference model.  Reports show these apart, and
tests/stateful/test_coverage.py fails when something that is not listed is never reached, or something listed is.
"""

NO_DEPOSITS = "refuses tokens of every kind, which belong into the treasury"
INITIALIZED = "runs begin with governor and treasury initialized"

ENTRY_POINTS: dict[str, str] = {
    "LivepeerGovernor.initialize": INITIALIZED,
    "LivepeerGovernor.onERC1155BatchReceived": NO_DEPOSITS,
    "LivepeerGovernor.onERC1155Received": NO_DEPOSITS,
    "LivepeerGovernor.onERC721Received": NO_DEPOSITS,
    "Treasury.initialize": INITIALIZED,
}
"""As Contract.function."""

ERRORS: dict[str, str] = {
    "InvalidInflation": "raised by a constructor: runs deploy Minters with an inflation that is accepted",
    "InvalidShortString": "of OpenZeppelin's ShortStrings: the token's name is fixed and short enough",
    "StringTooLong": "of OpenZeppelin's ShortStrings: the token's name is fixed and short enough",
    "InvalidAccountNonce": "of OpenZeppelin's Nonces: permit takes the next nonce and is given none to check",
    "ECDSAInvalidSignatureLength": "of OpenZeppelin's ECDSA: permit takes v, r and s, which have no length",
    "PoolSizeNotSet": "a deployment sets the size of the pool, and it can only grow",
    "CallerNotDeployer": INITIALIZED,
    "InvalidQuota": INITIALIZED,
    "NotInitializing": "of OpenZeppelin's Initializable: only initializers call what asks for it",
    "CheckpointUnorderedInsertion": "of OpenZeppelin's Checkpoints: the quorum is kept by round, which never falls",
    "GovernorAlreadyCastVote": "of OpenZeppelin's Governor: VoteAlreadyCast takes its place",
    "GovernorAlreadyQueuedProposal": "of OpenZeppelin's Governor: the state of a proposal tells before",
    "GovernorInvalidVoteParams": "of OpenZeppelin's Governor: parameters of votes mean nothing",
    "GovernorInvalidVoteType": "of OpenZeppelin's Governor: InvalidVoteType takes its place",
    "GovernorProposalQueueingFailed": "of OpenZeppelin's Governor: the treasury schedules or fails",
    "GovernorProposalQueueingNotRequired": "of OpenZeppelin's Governor: every proposal is queued",
    "MissingEarningsPool": "a round in which an orchestrator rewarded has a factor of its own",
}

IMPORTED = "runs when the model is imported, before anybody looks"

ROLES_GRANTED_LATER = (
    "a deployment names nobody when it initializes the treasury, and grants roles afterwards"
)

BRANCHES: dict[tuple[str, str, str], str] = {
    (
        "earnings.py:check_active_rewards",
        "if active_rewards > stake:",
        "raise Panic(PANIC_ASSERT)",
    ): "an orchestrator's own rewards are part of its stake, and are claimed before a slash takes any",
    (
        "earnings.py:share_fees",
        "if round_number == 0:",
        "raise Panic(PANIC_OVERFLOW)",
    ): "nobody is active in round 0: who joins is active from the next round on",
    (
        "exact/history.py:ExactOrchestrator.so_far",
        "if self.earned:",
        "return stretch",
    ): "asked after a reward or fees only",
    (
        "exact/ledger.py:ExactLedger.__init__",
        "if any(delegator.bonded_amount for delegator in self.manager.delegators.values()):",
        'raise ValueError("the exact ledger has to follow a model from before its first bond")',
    ): "a tool's check of how it is used: runs follow from the start",
    (
        "exceptions/base.py:ProtocolError.__init_subclass__",
        "def __init_subclass__(cls) -> None:",
        "cls.parameters = tuple(get_annotations(cls))",
    ): IMPORTED,
    (
        "exceptions/base.py:ProtocolError.__hash__",
        "def __hash__(self) -> int:",
        "return hash(type(self))",
    ): "for whoever puts errors into sets; runs compare them only",
    (
        "governance.py:governance_only",
        "def governance_only(function: Any) -> Any:",
        "@wraps(function)",
    ): IMPORTED,
    (
        "governance.py:LivepeerGovernor.initialize",
        "if initial_quota >= PPM_WHOLE:",
        "raise InvalidQuota(initial_quota, PPM_WHOLE)",
    ): ERRORS["InvalidQuota"],
    (
        "minting.py:Minter.__init__",
        "if inflation > PPB_WHOLE:",
        "raise InvalidInflation(inflation, PPB_WHOLE)",
    ): ERRORS["InvalidInflation"],
    (
        "minting.py:Minter.set_current_reward_tokens",
        "if supply > 0:",
        "if bonding_rate < self.target_bonding_rate:",
    ): "the faucet has LPT that nobody can burn",
    (
        "registry.py:entry_point",
        "def entry_point(function: Callable) -> Callable:",
        "return _make_call(function, through_proxy=True)",
    ): IMPORTED,
    (
        "registry.py:proxy_entry_point",
        "def proxy_entry_point(function: Callable) -> Callable:",
        "return _make_call(function, through_proxy=False)",
    ): IMPORTED,
    (
        "registry.py:_make_call",
        "def _make_call(function: Callable, *, through_proxy: bool) -> Callable:",
        "def call(contract: Contract, sender: str, *arguments: Any, **options: Any) -> Any:",
    ): IMPORTED,
    (
        "stake.py:StakeBook._shrink",
        "if stake == 0:",
        "self.pool.remove(account)",
    ): "a member of the pool has a bond of its own, and leaves the pool before it loses that",
    (
        "stake.py:StakeBook._join",
        "if self.pool.max_size == 0:",
        "raise PoolSizeNotSet()",
    ): ERRORS["PoolSizeNotSet"],
    (
        "state.py:remembered",
        "def remembered(view: Callable[[Any], Any]) -> Callable[[Any], Any]:",
        'place = f"_remembered_{view.__name__}"',
    ): IMPORTED,
    (
        "token.py:LivepeerToken._destroy",
        "if owner == ZERO_ADDRESS:",
        "raise ERC20InvalidSender(owner)",
    ): "nobody acts as the zero address with the role of a burner, and its allowance cannot be spent",
    (
        "treasury.py:Treasury.initialize",
        "if sender != self.deployer:",
        "raise CallerNotDeployer(sender, self.deployer)",
    ): ERRORS["CallerNotDeployer"],
    (
        "treasury.py:Treasury.initialize",
        "if admin != ZERO_ADDRESS:",
        "for proposer in proposers:",
    ): "a deployment is set up by its owner, the admin until it has granted the roles",
    (
        "treasury.py:Treasury.initialize",
        "for proposer in proposers:",
        "self._grant(sender, PROPOSER_ROLE, proposer)",
    ): ROLES_GRANTED_LATER,
    (
        "treasury.py:Treasury.initialize",
        "for executor in executors:",
        "self._grant(sender, EXECUTOR_ROLE, executor)",
    ): ROLES_GRANTED_LATER,
    (
        "treasury.py:Treasury._schedule",
        "if salt != NO_SALT:",
        "",
    ): "steps schedule drafts, salted with the hash of their description, which is never zero",
}
"""By place (file and function), line, and the line that would run next (nothing at the end of the function)."""
