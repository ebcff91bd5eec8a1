/// A certificate for 127.0.0.1, signed by an authority that no machine trusts. Made for these tests alone and valid
/// from 2020 to 2118; its key protects nothing.
public enum TestCertificate {
  /// PEM.
  public static let authority = """
    -----BEGIN CERTIFICATE-----
    MIIBdDCCARqgAwIBAgIUaoGqnUwnyETzTvdk7ozT0w+EEZEwCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUTmVmcm8gdGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAw
    WhgPMjExOTAxMDEwMDAwMDBaMB8xHTAbBgNVBAMMFE5lZnJvIHRlc3QgYXV0aG9y
    aXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2kC7l44VHV/dVAu9ZDmMKcxS
    9Fs0PiTZjWoj7bFlRAPquPxV0llgLObsghWS7xa2u8UfZo/Y+xcputwM+jt6rKMy
    MDAwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUBks3cp6fxT/stFeNdEqY+hKn
    6UEwCgYIKoZIzj0EAwIDSAAwRQIgeO/kc+8VJ6vYzkQZRRM/tl/NqPxNq3xSS/1d
    iYrzLQUCIQD8F/fThCOhtaBH3KgmY/EjRkq2noOdfEjrjZqddC7KeA==
    -----END CERTIFICATE-----

    """

  /// PEM.
  public static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBbTCCAROgAwIBAgIUSD3fHOdjcJV2KEOmVZBbq4DfH3gwCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUTmVmcm8gdGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAw
    WhgPMjExOTAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCTEyNy4wLjAuMTBZMBMGByqG
    SM49AgEGCCqGSM49AwEHA0IABM2o0jLRmJpz+D19xZ1nctaRpQnh5cyXkhWSbpOA
    deW5HmOC6eU0hEnTd24IPX3mySiaeCcww0AOlfgGAHeFCkSjNjA0MAwGA1UdEwEB
    /wQCMAAwDwYDVR0RBAgwBocEfwAAATATBgNVHSUEDDAKBggrBgEFBQcDATAKBggq
    hkjOPQQDAgNIADBFAiBFSC5htlqygtWuzzWJ8k5AZLpHS/el8IfJKalXIj8CEQIh
    APYQR1/3/E0rGYsNQ1NROKsY5wGUJY6Jx1hm61t68hJJ
    -----END CERTIFICATE-----

    """

  /// PEM.
  public static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeGwRDDRe6DUtSOxm
    yJibNxcW0JltauFnMsqUJDmDQ8qhRANCAATNqNIy0Ziac/g9fcWdZ3LWkaUJ4eXM
    l5IVkm6TgHXluR5jgunlNIRJ03duCD195skomngnMMNADpX4BgB3hQpE
    -----END PRIVATE KEY-----

    """
}
