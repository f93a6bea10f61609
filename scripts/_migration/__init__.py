"""What `ape run migrate_state` is made of: the state of a deployment in a file, and from there into another one."""
