import Backbones
import Testing

@Suite struct VGGNameTests {
  @Test func `a base is found by the name that model files give it`() throws {
    for architecture in VGGArchitecture.known {
      #expect(try VGGArchitecture.named(architecture.name) == architecture)
    }
    #expect(try VGGArchitecture.named("vgg16") == .vgg16)
  }

  @Test func `an unknown base is refused together with those known`() throws {
    let error = BackboneError.unknownNetwork(name: "vgg0", known: VGGArchitecture.known.map(\.name))
    #expect(throws: error) { try VGGArchitecture.named("vgg0") }
    #expect(error.description.contains("vgg0") && error.description.contains("vgg16"))
  }
}
