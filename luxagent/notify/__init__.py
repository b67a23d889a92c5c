"""How people hear of the agent. Nothing here delays the loop, and no address is ever printed.

post        takes messages and sees to it that they arrive: fits `agent.ports.Messenger` and `Channels`
letters     what goes to a channel at once, as text and as Markdown
ram         an outbox for what the disk will not take
sender      starts the helper process and waits for it
helper      that process: the only place where apprise is imported
heartbeat   tells a watcher outside that ticks are well: fits `agent.ports.Heartbeat`
console     the messenger of the demo
"""
