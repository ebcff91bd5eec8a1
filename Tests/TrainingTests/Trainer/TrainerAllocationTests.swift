import CAllocationCounter
import KidneyData
import TestSupport
import Testing
import Training

/// What a training allocates when it runs, from the decoded picture to the changed weight. Each count runs in a process of
/// its own; blocks of a kilobyte and more are memory for numbers, as in the tests of the network's own steps.
@Suite(.enabled(if: nefro_allocations_are_counted() == 1)) struct TrainerAllocationTests {
  /// With how many convolutions are trained: their weights have changed when an epoch's validation comes, which packs
  /// them anew, a block for each. Convolutions of drawn weights need a low rate: at 0.01 two of them diverge.
  @Test(arguments: [
    ("AUGMENTATION: true", 0), ("AUGMENTATION: false", 0),
    ("AUGMENTATION: true\nHEAD: flatten\nOPTIMIZER: sgd\nMOMENTUM: 0.9", 0),
    ("AUGMENTATION: true\nTRAINABLE_FROM: block5_conv3\nLEARNING_RATE: 0.00001", 1),
    ("AUGMENTATION: true\nTRAINABLE_FROM: block5_conv2\nLEARNING_RATE: 0.00001", 2),
  ])
  func `without a cache to fill an epoch allocates nothing after the first but the weights that validation packs`(
    more: String, packed: Int
  ) async {
    await #expect(processExitsWith: .success) { [more = more as String, packed = packed as Int] in
      // An error that left this body would end the process by an illegal instruction, without a word.
      #expect(throws: Never.self) {
        try withTemporaryFolder { folder in
          // A grey picture of 64 x 64 takes four kilobytes.
          let data = try DrawnData.make(in: folder, patients: 3, side: 80)
          let parameters = try DrawnData.parameters("IMAGE_SIZE: [64, 64, 3]\nEPOCHS: 5\n" + more)
          let trainer = try Trainer(
            network: DrawnData.network(parameters), parameters: parameters, data: data,
            baseDigest: DrawnData.baseDigest, cache: nil, decoded: DecodedPictures())
          let pictures = Array(data.labels.indices)
          let (training, validation) = (pictures.filter { $0 % 4 != 0 }, pictures.filter { $0 % 4 == 0 })
          var counts: [Int] = []
          nefro_allocations_start(1024)
          _ = try trainer.train(training: training, validation: validation) { event in
            guard case .epochEnded = event else { return }
            counts.append(nefro_allocations_stop())
            nefro_allocations_start(1024)
          }
          _ = nefro_allocations_stop()
          #expect(counts.count == 5)
          #expect(counts[0] > packed)
          #expect(counts[1...].allSatisfy { $0 == packed }, "\(counts)")
        }
      }
    }
  }
}
