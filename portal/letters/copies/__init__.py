"""What is made from a letter: translations, papers that go with it, the private annex."""
