"""The model that reads addresses where our own rules are unsure; without a key it is off."""

from config.settings.env import ENV

OPENAI_API_KEY = ENV.openai_api_key
OPENAI_API_BASE = ENV.openai_api_base
OPENAI_MODEL = ENV.openai_model
# For the whole call; then the shopper has what our own rules found.
OPENAI_SECONDS = ENV.openai_seconds
OPENAI_EFFORT = ENV.openai_effort
# Questions of one store in a day.
OPENAI_DAILY = ENV.openai_daily
