package chargepile.agent.channel.wire;

/**
 * What channel peers say to each other: the messages of BOLT 1 and BOLT 2, and {@link
 * EnergyUpdate}.
 */
public sealed interface ChannelMessage
    permits AcceptChannel,
        ChannelReady,
        ChannelReestablish,
        ClosingSigned,
        CommitmentSigned,
        EnergyUpdate,
        ErrorMessage,
        FundingCreated,
        FundingSigned,
        OpenChannel,
        RevokeAndAck,
        Shutdown,
        UpdateAddHtlc,
        UpdateFailHtlc,
        UpdateFee,
        UpdateFulfillHtlc,
        Warning {}
