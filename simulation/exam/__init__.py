"""The exam of the state machines: faults are planted into the contracts, and the machines have to find them.

- `catalogue` has the faults, each a change of a few words, `fault` what they are made of;
- `drivers` send the machines after a fault, within what the profile `ci` gives them;
- `sequences` cut a finding down to the shortest run, `steps` puts runs in words, `record` keeps them in a file;
- `examiner` does all of that for many faults at a time, `report` writes docs/exam.md.

The command is `ape run exam`.
"""
