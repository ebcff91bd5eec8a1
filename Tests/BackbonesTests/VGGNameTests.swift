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
    let error = BackboneError.unknownNetwork(name: "vgg19", known: ["vgg16"])
    #expect(throws: error) { try VGGArchitecture.named("vgg19") }
    #expect(error.description.contains("vgg19") && error.description.contains("vgg16"))
  }
}
