"""Another company's server, as far as the bot can tell: a local Slack on a real socket, with people, channels and a page."""
