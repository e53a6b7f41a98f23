"""What the fakes of vendors share that only give payments back: the processor's book and faults."""
