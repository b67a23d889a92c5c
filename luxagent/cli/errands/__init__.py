"""What people ask of the agent: a module per kind, the same beside a running daemon and without one."""
