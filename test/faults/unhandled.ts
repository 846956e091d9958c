import test from 'node:test'

test('a test that passes and leaves a rejection behind', () => {
  void Promise.reject(new Error('nobody caught this'))
})
