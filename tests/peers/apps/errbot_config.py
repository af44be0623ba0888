"""errbot as its guide sets it up for Slack; its own commands answer."""

import logging
import os

BACKEND = "SlackV3"
BOT_DATA_DIR = os.environ["PEER_FOLDER"]
BOT_EXTRA_PLUGIN_DIR = None
BOT_LOG_FILE = None
BOT_LOG_LEVEL = logging.INFO
BOT_IDENTITY = {"token": os.environ["SLACK_BOT_TOKEN"], "app_token": os.environ["SLACK_APP_TOKEN"]}
BOT_ADMINS = ("@olive",)
BOT_PREFIX = "!"
CORE_PLUGINS = ("Health", "Help", "Utils")
