"""What every room needs and no room owns: ids, clock, refusals, audit chain, live events, tasks, texts, the id guard."""
