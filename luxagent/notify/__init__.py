"""How people hear of the agent. Nothing here delays the loop, and no address is ever printed.

messenger   puts messages on their way through a helper process: fits `agent.ports.Messenger`
helper      that process: the only place where apprise is imported
heartbeat   tells a watcher outside that ticks are well: fits `agent.ports.Heartbeat`
console     the messenger of the demo
"""
