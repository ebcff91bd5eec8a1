import NeuralNetworks
import Testing

@Suite struct ParameterTests {
  @Test func `every change of the value counts up the version`() throws {
    let parameter = Parameter(name: "layer/kernel", value: ramp([2, 2]))
    #expect(parameter.version == 0)
    parameter.value = ramp([2, 2], from: 1)
    #expect(parameter.version == 1)
    parameter.update { $0[0] = 5 }
    #expect(parameter.version == 2)
    #expect(parameter.value.values == [5, 2, 3, 4])
    try parameter.assign(ramp([2, 2]))
    #expect(parameter.version == 3)
  }

  @Test func `gradients and freezing leave the version alone`() {
    let parameter = Parameter(name: "layer/kernel", value: ramp([2]))
    parameter.gradient = ramp([2])
    parameter.isTrainable = false
    #expect(parameter.version == 0)
  }

  @Test func `an update does not reach a copy taken before`() {
    let parameter = Parameter(name: "layer/kernel", value: ramp([2]))
    let before = parameter.value
    parameter.update { $0[0] = 5 }
    #expect(before.values == [0, 1])
  }

  @Test func `freezing forgets the gradient`() {
    let parameter = Parameter(name: "layer/kernel", value: ramp([2]))
    parameter.gradient = ramp([2])
    parameter.isTrainable = false
    #expect(parameter.gradient == nil)
    parameter.isTrainable = true
    #expect(parameter.gradient == nil)
  }

  @Test func `a value of another shape is refused and the old one stays`() {
    let parameter = Parameter(name: "layer/kernel", value: ramp([2, 3]))
    #expect(throws: NeuralNetworkError.parameterShape(name: "layer/kernel", expected: [2, 3], actual: [3, 2])) {
      try parameter.assign(ramp([3, 2]))
    }
    #expect(parameter.value == ramp([2, 3]))
  }
}
