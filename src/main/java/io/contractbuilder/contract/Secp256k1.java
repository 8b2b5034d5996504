package io.contractbuilder.contract;

import java.math.BigInteger;

/**
 * Public keys on the curve secp256k1 (SEC 2, section 2.4.1), which Java no longer has. Its time
 * tells of the key, so it is for a key that only this process uses it for. Decision 0043 says why
 * it is our own.
 */
final class Secp256k1 {
  static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private static final BigInteger P =
      new BigInteger("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16);
  private static final BigInteger THREE = BigInteger.valueOf(3);
  private static final int COORDINATE_BYTES = 32;
  private static final Point GENERATOR =
      new Point(
          new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16),
          new BigInteger("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16),
          BigInteger.ONE);

  private Secp256k1() {}

  /** A point in Jacobian coordinates: x/z², y/z³; at infinity z is 0. */
  private record Point(BigInteger x, BigInteger y, BigInteger z) {
    static final Point INFINITY = new Point(BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);

    /** Explicit-Formulas Database, Jacobian coordinates with a = 0, dbl-2009-l. */
    Point doubled() {
      BigInteger b = mod(y.multiply(y));
      BigInteger d = mod(x.multiply(b).shiftLeft(2));
      BigInteger e = mod(x.multiply(x).multiply(THREE));
      BigInteger doubledX = mod(e.multiply(e).subtract(d.shiftLeft(1)));
      BigInteger c = mod(b.multiply(b)).shiftLeft(3);
      return new Point(
          doubledX,
          mod(e.multiply(d.subtract(doubledX)).subtract(c)),
          mod(y.multiply(z).shiftLeft(1)));
    }

    /** The same, madd: {@code other} has z = 1, and is not this point. */
    Point plus(Point other) {
      if (z.signum() == 0) {
        return other;
      }
      BigInteger zz = mod(z.multiply(z));
      BigInteger h = mod(other.x.multiply(zz).subtract(x));
      BigInteger r = mod(other.y.multiply(zz).multiply(z).subtract(y));
      BigInteger hh = mod(h.multiply(h));
      BigInteger hhh = mod(h.multiply(hh));
      BigInteger v = mod(x.multiply(hh));
      BigInteger sumX = mod(r.multiply(r).subtract(hhh).subtract(v.shiftLeft(1)));
      return new Point(
          sumX, mod(r.multiply(v.subtract(sumX)).subtract(y.multiply(hhh))), mod(z.multiply(h)));
    }
  }

  /**
   * The public key of a private one, compressed: 33 bytes (SEC 1, section 2.3.3).
   *
   * @param key more than 0, less than {@link #ORDER}
   */
  static byte[] publicKey(BigInteger key) {
    Point sum = Point.INFINITY;
    for (int bit = key.bitLength() - 1; bit >= 0; bit--) {
      sum = sum.doubled();
      if (key.testBit(bit)) {
        sum = sum.plus(GENERATOR);
      }
    }
    BigInteger inverse = sum.z.modInverse(P);
    BigInteger square = mod(inverse.multiply(inverse));
    byte[] x = mod(sum.x.multiply(square)).toByteArray();
    var bytes = new byte[1 + COORDINATE_BYTES];
    bytes[0] = (byte) (mod(sum.y.multiply(square).multiply(inverse)).testBit(0) ? 3 : 2);
    int length = Math.min(x.length, COORDINATE_BYTES);
    System.arraycopy(x, x.length - length, bytes, bytes.length - length, length);
    return bytes;
  }

  private static BigInteger mod(BigInteger number) {
    return number.mod(P);
  }
}
