// Chopsticks reads this when it is imported: it throws for a level that it does not know, and prints at the default one.
process.env['LOG_LEVEL'] = 'error'
