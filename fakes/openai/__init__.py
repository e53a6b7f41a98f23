"""A model behind the Responses API that does whatever the text it reads tells it to."""
