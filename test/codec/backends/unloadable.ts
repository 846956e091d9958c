throw new Error('this backend cannot be loaded')
