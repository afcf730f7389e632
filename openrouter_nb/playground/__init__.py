"""The playground: every request parameter, the conversation, and answers side by side, in an output cell."""
