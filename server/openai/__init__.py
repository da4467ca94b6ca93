"""fuwen as a model behind OpenAI's API: for chat front ends, agents and workflow engines."""
