"""What happens to a call, each verb a transaction: begun, waiting, connected, called back, recorded, over."""
