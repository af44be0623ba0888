"""What answers ``bot.ports`` outside Slack: files, secrets, child processes, time. Only ``bot.wiring`` imports these."""
