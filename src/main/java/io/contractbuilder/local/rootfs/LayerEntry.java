package io.contractbuilder.local.rootfs;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * One entry of a layer.
 *
 * @param name as the layer has it: hostile until it is placed
 * @param link where a link leads, else empty; as hostile
 * @param mode permissions, without set-user-id bits
 * @param size of a file, else 0
 */
record LayerEntry(Kind kind, String name, String link, int mode, int uid, int gid, long size) {
  enum Kind {
    FOLDER,
    FILE,
    SYMBOLIC_LINK,
    HARD_LINK
  }

  void write(DataOutputStream out) throws IOException {
    out.writeUTF(kind.name());
    out.writeUTF(name);
    out.writeUTF(link);
    out.writeInt(mode);
    out.writeInt(uid);
    out.writeInt(gid);
    out.writeLong(size);
  }

  static LayerEntry read(DataInputStream in) throws IOException {
    return new LayerEntry(
        Kind.valueOf(in.readUTF()),
        in.readUTF(),
        in.readUTF(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readLong());
  }
}
