import { expect, it } from 'vitest'
import { createFaultBoard, faultSchema } from './faults'

const fault = (endpoint: string, times: number) => faultSchema.parse({ endpoint, fault: 'fail', times })

it('a fault meets as many requests to its endpoint as it was told, and no other', () => {
  const board = createFaultBoard()
  board.add(fault('POST /v1/refunds', 2))
  expect(board.take('POST /v1/customers')).toHaveLength(0)
  expect(board.take('POST /v1/refunds')).toHaveLength(1)
  expect(board.take('POST /v1/refunds')).toHaveLength(1)
  expect(board.take('POST /v1/refunds')).toHaveLength(0)
})

it('a fault for every endpoint meets any, until it is cleared', () => {
  const board = createFaultBoard()
  board.add(fault('*', 5))
  expect(board.take('GET /v1/charges/:id')).toHaveLength(1)
  board.clear()
  expect(board.take('GET /v1/charges/:id')).toHaveLength(0)
})
