import BackboneTestSupport
import Backbones
import Digests
import Foundation
import Inference
import MedicalImages
import NeuralNetworks
import TestSupport
import Testing

/// From the file of a real slice to the features of the real base, against Pillow and ONNX Runtime on the same weights;
/// see `Reference/backbones/make_features.py`.
@Suite(
  .enabled(if: RealWeights.stored != nil, "\(RealWeights.absent)"),
  .enabled(if: RealSlices.twoClass != nil && RealSlices.fourClass != nil, "\(RealSlices.absent)"))
struct RealSliceFeatureTests {
  struct Slice: Decodable {
    /// Below the folder of the real slices.
    var path: String
    var sha256: ContentDigest
    /// Means over the 49 places; 512 values.
    var pooled: [Float]
    /// Every 17th feature, row-major; 1476 values.
    var sampled: [Float]
  }

  @Test func `features of five real slices are those of ONNX Runtime`() throws {
    let golden = packageRoot.appending(path: "Tests/BackbonesTests/Golden/vgg16-slices.json")
    let slices = try JSONDecoder().decode([Slice].self, from: Data(contentsOf: golden))
    #expect(slices.count == 5)
    let specification = PreprocessingSpecification(height: 224, width: 224, scaling: .imagenet)
    let base = try VGG16.convolutionBase(weights: #require(RealWeights.stored).file())
    for slice in slices {
      let file = try #require(RealSlices.folder).appending(path: slice.path)
      #expect(try ContentDigest(ofFile: file) == slice.sha256, "\(slice.path) is not the file of the reference")
      let picture = try PictureReader.read(file).picture
      let features = try base(Tensor(shape: [1, 224, 224, 3], values: specification.tensorValues(of: picture)))
      #expect(features.shape == [1, 7, 7, 512])
      let values = features.values
      let sampled = stride(from: 0, to: values.count, by: 17).map { values[$0] }
      let pooled = (0..<512).map { channel in
        (0..<49).reduce(0.0) { $0 + Double(values[$1 * 512 + channel]) } / 49
      }
      #expect(relativeError(sampled, slice.sampled) < 1e-4, "\(slice.path)")
      #expect(relativeError(pooled.map { Float($0) }, slice.pooled) < 1e-4, "\(slice.path)")
    }
  }
}
