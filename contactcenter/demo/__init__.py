"""What a newcomer can try; wiring, switched off by CC_DEMO=0."""
