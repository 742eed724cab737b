"""Words by their part in a sentence: verbs of change, what is changed, what denies, wills, asks, carries no subject."""


def words(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


# What people do to a system to change it.
CHANGE_VERBS = (
    "abort activate adjust allowlist apply archive assign attach ban blacklist block blocklist bounce bump cancel "
    "cap change cleanse clear compact cordon correct cull cut deactivate decrease delete deploy depool detach "
    "disable double downgrade drain drop dump enable evict exclude execute expand failover fix flip flush free "
    "freeze halt halve hotfix increase install invalidate isolate kick kill launch limit lock lower merge migrate "
    "mitigate modify override patch pause promote provision prune pull purge push quarantine raise rebalance "
    "reboot rebuild recreate redeploy redirect reduce reimage reindex reinstall reissue relaunch reload remove "
    "rename renew repair replace replay repoint requeue reroute rerun reschedule resend reset resize restart restore "
    "resume resync retrigger retry reverse revert revoke rotate scale shed ship skip stop suspend swap "
    "switch terminate throttle truncate tune tweak unblock uncordon undeploy undo uninstall unlock unmount unpause "
    "up update upgrade whitelist wipe"
)
# What people do besides; told as a fact it tells something, if less.
OTHER_VERBS = (
    "add ask attempt build call check close collect compare connect copy create decide discover file finish inspect "
    "mail move mute notice open page post publish raise realise realize receive record reject report request review "
    "run send sign silence start submit test trace verify"
)
# Of the verbs of change, what is done every day too: alone they make no mitigation of a change.
EVERYDAY_CHANGES = "change deploy install launch merge migrate move push release rename ship update upgrade"
# Changes in two words; the particle may stand after what is changed: "rolled it back", "turned the flag off".
CHANGE_VERBS_OF_TWO_WORDS = (
    "back out, bring back, bring down, bring up, clean up, cut over, dial back, dial down, dial up, fail back, fail "
    "over, kick off, move back, move off, move over, point back, pull out, put back, put in, roll back, roll "
    "forward, roll out, roll over, scale back, scale down, scale in, scale out, scale up, shut down, shut off, spin "
    "down, spin up, take down, take off, take out, turn back, turn down, turn off, turn on, turn up"
)
# Past and -ing forms that don't follow the rule; most verbs of one syllable double their last letter.
IRREGULAR = {
    "ban": ("banned", "banning"),
    "bring": ("brought", "bringing"),
    "build": ("built", "building"),
    "cancel": ("cancelled", "cancelling"),
    "cap": ("capped", "capping"),
    "cut": ("cut", "cutting"),
    "dial": ("dialled", "dialling"),
    "drop": ("dropped", "dropping"),
    "flip": ("flipped", "flipping"),
    "free": ("freed", "freeing"),
    "freeze": ("froze", "freezing"),
    "put": ("put", "putting"),
    "rebuild": ("rebuilt", "rebuilding"),
    "rerun": ("reran", "rerunning"),
    "resend": ("resent", "resending"),
    "reset": ("reset", "resetting"),
    "run": ("ran", "running"),
    "send": ("sent", "sending"),
    "shed": ("shed", "shedding"),
    "ship": ("shipped", "shipping"),
    "shut": ("shut", "shutting"),
    "skip": ("skipped", "skipping"),
    "spin": ("spun", "spinning"),
    "stop": ("stopped", "stopping"),
    "swap": ("swapped", "swapping"),
    "take": ("took", "taking"),
    "undo": ("undid", "undoing"),
    "up": ("upped", "upping"),
}
# What is changed: beside these "is done", "is out" or "worked" tell of a change, elsewhere of anything.
CHANGE_NOUNS = words(
    "backfill build bump change cleanup commit config configuration deploy deployment failover fix flag flip hotfix "
    "merge migration mitigation patch pipeline pr promotion reboot rebuild release replay restart restore revert "
    "rollback rollout rotation switchover sync update upgrade version workaround"
)
# Before a change or a state these say that it is not so.
DENIERS = words(
    "not no never none nothing nobody isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't "
    "cannot couldn't won't wouldn't without zero neither nor barely hardly"
)
# Denied, or doubting by themselves, before a word that it got better: nobody says then that it did.
SURE = words("convinced sure certain confident persuaded")
DOUBTING = words("doubt doubts doubting doubtful unconvinced unlikely")
# Right before trouble these say that there is none.
NONE_OF = words("no zero without")
# Before a change or a state these say that it is not so yet, or only if.
WILLING = words(
    "should could would might may can will shall must gonna need needs want wants try trying let if until unless "
    "hopefully ideally i'll we'll it'll that'll you'll they'll let's lets shouldn't won't plan planning wait expect "
    "expected ready able supposed before once"
)
# What may stand between whoever acts and the verb.
FILLERS = words(
    "just now also already manually been being and then so ok okay alright right done well both all have has had "
    "again currently still finally successfully yes yep yeah oh only temporarily quickly - ( : ,"
)
# Who acts, or what makes a verb passive or perfect: right before it, it is told as a fact.
ACTORS = words(
    "i we i've we've i'm we're he she they he's she's they're they've is are was were am got gets <person> it's "
    "that's has have had it"
)
# An -ing form after these is no report: "after restarting", "what about restarting".
GERUND_AFTER = words(
    "after before by without of about for from try tried trying suggest consider worth stop stopped start when while "
    "than like recommend instead need needs keep keeps avoid despite with"
)
# A sentence that begins so, with a person or thing next, asks, also without a question mark.
ASKING_FIRST = words(
    "who what why where when how which whose did do does is are was were can could should would shall will has have "
    "any anyone anybody isn't aren't wasn't didn't don't doesn't wdyt"
)
# The person or thing next.
PERSONS = words(
    "i we he she they it you <person> anyone anybody someone somebody that this there the those these our your his "
    "her us"
)
# Pasts that don't end in -ed.
PAST = words(
    "went got came found saw took gave made sent did told fell rose broke built lost kept wrote ran began was were "
    "had said thought knew left met paid stood hit cut set put read spent won became felt held brought caught"
)
# What ends in -ed and is no past.
NO_PAST = words("need seed feed speed indeed exceed embed red bed shared based related used called supposed unrelated")
# Words that carry no subject: the most frequent ones of talk about anything.
COMMON = words(
    "able about above across actually add added after afternoon again against ago agree ah all almost alone along "
    "already also although always am among an and another answer any anybody anymore anyone anything anyway apart "
    "are around as ask asked asking at away back bad be because become been before begin behind being believe "
    "below best better between big bit both bring brought but by bye call called calling came can can't cannot "
    "care case cause certain change changed changes changing check checked checking clear close closed com come "
    "comes coming completely cool could couldn't couple course day days deal did didn't different do does doesn't "
    "doing don't done down during each early easy either else end enough especially even ever every everybody "
    "everyone everything exactly except expect explain fact fair far fast feel few figure find fine finished "
    "first fix fixed follow for found four free from full fun further gave get gets getting give given gives "
    "giving glad go god goes going gone gonna good got great ground guess guy guys had haha half hand hands "
    "happen happened happens happy hard has hate have haven't having he head hear heard hello help helps her here "
    "hey hi high him his hmm hold hope hour hours how however http https i'll i'm i've idea if important in "
    "instead into is isn't issue it it's its job just keep keeps kind knew know known last late later least leave "
    "left less let let's like likely line list little live lol long longer look looked looking looks lot love "
    "made main make makes making man many matter may maybe me mean means meant meanwhile meeting mention might "
    "mind mine mins minute minutes moment more morning most move moved much must my myself name near nearly need "
    "needed needs never new next nice no nobody none nor not note nothing now number of off often oh ok okay old "
    "on once one ones only open opened or order other others our out over own part past people per perhaps person "
    "place plan please point possible probably problem put question questions quick quickly quite rather read "
    "ready real really reason remember rest right run running runs said same saw say saying says second see seem "
    "seems seen send sent set several shall she should show shows side similar simple since single small so some "
    "somebody someone something sometimes somewhere soon sorry sort sounds start started starting starts stay "
    "still stop stopped story such suppose sure take taken takes taking talk team tell ten than thank thanks that "
    "that'd that'll that's the their them then there there's these they they're thing things think this those "
    "though thought three through till time times to today together told tomorrow tonight too took top totally "
    "tried true try trying turn turned turns twice two under understand until up upon us use used useful using "
    "usual usually very via wait waiting want wanted wants was wasn't watch watching way we we're we've week "
    "weeks weird well went were weren't what what's whatever when where whether which while who whole why will "
    "wish with within without woman won't word words work worked working works world worse worth would wouldn't "
    "write wrong wrote www yeah year years yep yes yesterday yet you you're your yours yourself"
)
# What somebody who agrees begins with.
AGREEING = words(
    "agreed agree yes yep yeah yup +1 go sgtm lgtm ok okay approved please do :+1: :thumbsup: :white_check_mark: "
    "ship sounds fine ack sure absolutely proceed"
)
# What may stand before a question.
HESITATIONS = words("hmm hm so but uh")
# After an -ing form that begins a sentence these say something of it: "raising the limit didn't help".
SAYING_OF_IT = words(
    "didn't doesn't won't wouldn't isn't wasn't is was will would did does made makes means takes took helped helps"
)
# Where another clause begins inside one.
RELATIVE = words("that which who where when what")
# Whose doing an -ing form tells: "I'm restarting it", but "the queue is draining" by itself.
DOERS = words("i i'm we we're he he's she she's they they're you you're <person>")
# Who or what is asked for: "tell me what's changed" and "nothing restarted" tell of no change.
NOBODY = words("what what's whatever who who's whoever which nothing nobody anything anybody anyone")
# Amounts in words.
NUMBERS = words(
    "two three four five six seven eight nine ten twelve twenty dozen dozens several hundreds thousands many"
)
# What was going on went on before: "that was reindexing over the network".
WAS = words("was were been")
