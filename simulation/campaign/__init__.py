"""Long searches for divergences: numbered runs on many processes, kept examples, a report.

    ape run campaign --time 10m --workers 2 --seed 1                  (docs/campaign.md)

`plan` numbers the runs, `work` makes one, `processes` and `ray_workers` have many made at once, `tally` adds up what
they reached, `divergences` tells one failure from another, `database` keeps what was interesting, `campaign` drives
it all, and `progress` and `report` show it.
"""
