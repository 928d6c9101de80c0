package chargepile.agent.runtime;

import chargepile.agent.runtime.Adversary.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What an {@link Adversary} does to a frame of the others. */
enum Attack {
  /** Nothing, to know how it goes without. */
  NONE(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.pass(frame);
    }
  },
  DUPLICATE(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.pass(frame);
      eve.say(frame.topic(), frame.bytes());
      eve.later(Duration.ofSeconds(2), () -> eve.say(frame.topic(), frame.bytes()));
    }
  },
  /** Everything that was ever said, also in links and runs of the program that are over. */
  REPLAY_ALL(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.pass(frame);
      List.copyOf(eve.frames).forEach(old -> eve.say(old.topic(), old.bytes()));
    }
  },
  /** Everything that was ever said, on this frame's topic, which may be of a later link. */
  REPLAY_HERE(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      List.copyOf(eve.frames).stream()
          .filter(old -> old != frame && (old.type() != Adversary.ACT_ONE || isData(frame)))
          .forEach(old -> eve.say(frame.topic(), old.bytes()));
      eve.pass(frame);
    }
  },
  FLIP_EACH_BYTE(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      for (int i = 0; i < frame.bytes().length; i++) {
        byte[] changed = frame.bytes().clone();
        changed[i] ^= (byte) (1 << eve.random.nextInt(8));
        eve.say(frame.topic(), changed);
      }
      eve.pass(frame);
    }
  },
  CUT_AND_STRETCH(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      for (int length = 0; length < frame.bytes().length + 20; length += 7) {
        if (length != frame.bytes().length) {
          eve.say(frame.topic(), Arrays.copyOf(frame.bytes(), length));
        }
      }
      eve.pass(frame);
    }
  },
  /**
   * Random bytes, behind each type that a frame may have and, for data, the counter that is due.
   */
  INJECT_NOISE(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      for (int type = 0; type < 8; type++) {
        byte[] noise = eve.noise(frame.bytes().length);
        noise[0] = (byte) type;
        eve.say(frame.topic(), noise);
        eve.say(frame.backTopic(), noise);
      }
      eve.say(frame.topic(), noiseBehindTheHeader(eve, frame));
      eve.pass(frame);
    }
  },
  REFLECT(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.say(frame.backTopic(), frame.bytes());
      eve.pass(frame);
      eve.say(frame.backTopic(), frame.bytes());
    }
  },
  /** On the topics of all other links there were, and of one that there was not, both ways. */
  OTHER_TOPICS(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.frames.stream()
          .map(Frame::topic)
          .distinct()
          .filter(topic -> !topic.equals(frame.topic()))
          .toList()
          .forEach(topic -> eve.say(topic, frame.bytes()));
      eve.say(eve.nobodysTopic(frame), frame.bytes());
      eve.pass(frame);
    }
  },
  /** Headers, bodies and tags of this frame and earlier ones of both directions, put together. */
  SPLICE(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      for (boolean toPile : new boolean[] {true, false}) {
        eve.earlier(frame, old -> old.toPile() == toPile && old.type() == frame.type())
            .ifPresent(
                old -> {
                  eve.took("spliced");
                  eve.say(frame.topic(), joined(frame, old, Adversary.HEADER_BYTES));
                  eve.say(frame.topic(), joined(old, frame, Adversary.HEADER_BYTES));
                  eve.say(frame.topic(), joined(frame, old, frame.bytes().length - 16));
                });
      }
      eve.pass(frame);
    }
  },
  /** A handshake of another version, prologue or protocol, and answers without the pile's key. */
  OTHER_PROTOCOLS(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      String up = frame.toPile() ? frame.topic() : frame.backTopic();
      String down = frame.toPile() ? frame.backTopic() : frame.topic();
      eve.forged.wrongActsOne().forEach(act -> eve.say(up, act));
      eve.forged.wrongActsOne().forEach(act -> eve.say(eve.nobodysTopic(frame), act));
      eve.earlier(frame, old -> old.type() == Adversary.ACT_ONE)
          .or(() -> java.util.Optional.of(frame))
          .filter(old -> old.type() == Adversary.ACT_ONE)
          .ifPresent(
              old -> {
                eve.took("an act two without the pile's key");
                eve.forged.actsTwo(old.bytes()).forEach(act -> eve.say(down, act));
              });
      eve.say(up, eve.forged.actThree());
      eve.pass(frame);
    }
  },
  /** Says that the pile has forgotten the link. */
  UNKNOWN_SESSION(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.pass(frame);
      eve.say(frame.toPile() ? frame.backTopic() : frame.topic(), new byte[] {5});
    }
  },
  /** Links to the pile under its own node key and says there what would harm the driver. */
  SPEAK_AS_ITSELF(Loss.NOTHING) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.pass(frame);
      new Stranger(eve).begin();
    }
  },

  /** Commands as the pile's operator gives them: who owns the broker is bound by no ACL. */
  COMMAND(Loss.ORDERS) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.pass(frame);
      eve.command();
    }
  },

  DROP(Loss.ONE) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.keep();
    }
  },
  DELAY(Loss.ONE) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.later(Duration.ofMillis(900), () -> eve.pass(frame));
    }
  },
  HOLD_FOR_LONG(Loss.ONE) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.later(Duration.ofSeconds(40), () -> eve.pass(frame));
    }
  },
  SWAP_WITH_NEXT(Loss.ONE) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.holdUntilNext(frame);
    }
  },
  /** As many random bytes, and once more behind the frame's own header. */
  RANDOM_BYTES(Loss.ONE) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.say(frame.topic(), eve.noise(frame.bytes().length));
      eve.say(frame.topic(), noiseBehindTheHeader(eve, frame));
    }
  },
  FLIP_ONE_BIT(Loss.ONE) {
    @Override
    void strike(Adversary eve, Frame frame) {
      byte[] changed = frame.bytes().clone();
      changed[eve.random.nextInt(changed.length)] ^= (byte) (1 << eve.random.nextInt(8));
      eve.say(frame.topic(), changed);
    }
  },
  RETAIN(Loss.ONE) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.say(frame.topic(), frame.bytes(), true);
    }
  },
  /** An act one of an earlier link, or its own, before the act: the pile answers the latest. */
  OTHER_ACT_ONE(Loss.ONE) {
    @Override
    void strike(Adversary eve, Frame frame) {
      String up = frame.toPile() ? frame.topic() : frame.backTopic();
      eve.earlier(frame, old -> old.type() == Adversary.ACT_ONE && !old.topic().equals(up))
          .ifPresent(
              old -> {
                eve.took("an earlier act one");
                eve.say(up, old.bytes());
              });
      eve.say(up, eve.ownActOne());
      eve.pass(frame);
    }
  },
  /** The frame of the other direction or of an earlier link that has the same type and counter. */
  EXCHANGE(Loss.ONE) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.earlier(frame, old -> !old.topic().equals(frame.topic()) && sameHeader(old, frame))
          .ifPresentOrElse(
              old -> {
                eve.took("exchanged");
                eve.say(frame.topic(), old.bytes());
              },
              eve::keep);
    }
  },

  DROP_ALL(Loss.ALL) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.keep();
    }
  },
  DROP_ALL_TO_PILE(Loss.ALL) {
    @Override
    void strike(Adversary eve, Frame frame) {
      passUnless(eve, frame, frame.toPile());
    }
  },
  DROP_ALL_TO_DRIVER(Loss.ALL) {
    @Override
    void strike(Adversary eve, Frame frame) {
      passUnless(eve, frame, !frame.toPile());
    }
  },
  RANDOM_BYTES_FROM_NOW_ON(Loss.ALL) {
    @Override
    void strike(Adversary eve, Frame frame) {
      eve.say(frame.topic(), eve.noise(frame.bytes().length));
    }
  },
  /** Lets nobody through to the other, and shakes hands with both itself. */
  IMPERSONATE(Loss.ALL) {
    @Override
    void strike(Adversary eve, Frame frame) {
      if (frame.toPile() && frame.type() == Adversary.ACT_ONE) {
        eve.answerAsPile(frame);
        eve.say(frame.topic(), eve.ownActOne());
      } else if (!frame.toPile() && frame.type() == Adversary.ACT_TWO) {
        eve.say(frame.topic(), frame.bytes());
        eve.ownActThree(frame.bytes())
            .ifPresent(
                act -> {
                  eve.took("shook hands with the pile");
                  eve.ownLinks.add(frame.topic());
                  eve.ownLinks.add(frame.backTopic());
                  eve.say(frame.backTopic(), act);
                });
      } else {
        eve.keep();
      }
    }
  };

  /** How much of what the parties say never arrives as they said it. */
  enum Loss {
    /** None, and the pile does what it is told to besides. */
    ORDERS,
    NOTHING,
    ONE,
    ALL
  }

  static final Charset TEXT = StandardCharsets.UTF_8;

  private final Loss loss;

  Attack(Loss loss) {
    this.loss = loss;
  }

  Loss loss() {
    return loss;
  }

  /** Does it; with {@link Loss#ALL} it is called for every frame from the first one on. */
  abstract void strike(Adversary eve, Frame frame);

  private static void passUnless(Adversary eve, Frame frame, boolean not) {
    if (not) {
      eve.keep();
    } else {
      eve.pass(frame);
    }
  }

  private static boolean isData(Frame frame) {
    return frame.type() == Adversary.DATA;
  }

  private static byte[] noiseBehindTheHeader(Adversary eve, Frame frame) {
    byte[] noise = eve.noise(frame.bytes().length);
    int header = isData(frame) ? Adversary.HEADER_BYTES : 2;
    System.arraycopy(frame.bytes(), 0, noise, 0, Math.min(header, noise.length));
    return noise;
  }

  private static byte[] joined(Frame first, Frame second, int at) {
    int cut = Math.min(at, Math.min(first.bytes().length, second.bytes().length));
    return ByteBuffer.allocate(second.bytes().length)
        .put(first.bytes(), 0, cut)
        .put(second.bytes(), cut, second.bytes().length - cut)
        .array();
  }

  private static boolean sameHeader(Frame one, Frame other) {
    int header = isData(one) ? Adversary.HEADER_BYTES : 1;
    return one.bytes().length >= header
        && other.bytes().length >= header
        && Arrays.equals(one.bytes(), 0, header, other.bytes(), 0, header);
  }
}
