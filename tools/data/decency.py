"""Which sentences do not belong in a course book: a list of words, no judgement of the people who wrote them.

The words stand in rot13, so that nobody has to read them by accident. A star at the end stands for any ending.
`VULGAR`: profanity, sex, slurs, insults. `PRIVATE`: intimacy, drugs, violence, illness and death in the private
messages of people who did not write for readers; such words are harmless in a review of a film.
"""

import codecs
import re

VULGAR = """
nobegvba nvqf nany nefr nefrf nff nffnhyg* nffrf nffubyr* nffff* onqnff* onaarqhx onfgneq* ovngpu* ovgpu*
ovgpul oybqql oybbqvrfg oybbql oybjwbo* obyyb* obaqntr obbo* obbgl* oenvafhpxvat oernfg* oebgury* ohttre*
ohyyfuvg* ohfgl ohggurer* olngpu* puvyqcbea* puvax* pbpx pbpxf pbpxfhpx* pbaqbz* pbba* penc penccl pencf
phz phzva phzzvat phzf phag* qnzzvg qnza* qrhpur* qvpx qvpxf qvyqb* qvmmnza* qbtt* qbzvange* qbhpur*
qhzonff* qlxr* rebgvp* rfpbeg* rkcyvpvg* snt* sneg* snfflbyr* spx* sphx* srgvfu* ssss* sshh* svygu*
syveg* szy sernxvat shpx* shhh* tnl* tvtbyb* tbqqnz* tbyqqvt* tfrk uneqpber* uvgyre* uvi ub ubr ubrf
ubybpnhfg* ubzb* ubbxre* ubeav* ubeal vqvbg* vzorpvy* vaoerq* wnc wncf wrj wrjf xvaxl xavpxre* yrfo*
yvatrevr yznb* ybireobl* ylapu* znfgheo* zbyrfg* zbeba* anxrq anghevfg* anhtugl anmv* arteb* avt avtt*
avteb* aboovat ahqr* ahqv* ahggre* beny betnfz* cnxv cnxvf cnafl* cnagv* cravf* creireg* cvzc cvzcf cvff*
cvffq cbpxrgonor* cbb cbbc cbea* cbeab* cevpx* cebfgvghg* chxr* chffl* enpvny* enpvf* encr* encvat
encvfg* erapbager ergneq* ebzpnc* fngna* fperjq fperjrq fphz* frqhp* frk frkv* frkh* frkl frklpung funt*
furkl fuvg* fufrk fulg* fyrnm* fyhg* fangpu fcnfgvp* fchax* fgevccrq fgevccre* fhpx fhpxrq fhpxre*
fhpxvat fhpxf fhvpvq* fjvar guerrfbzr* gvgf gvggvrf genaa* genaal gjng* gjvax* htyl ivoeng* ivetva*
ibzvg* jnax* juber* jgs kkkzbovyr*
"""

PRIVATE = """
nohf* nqhyg nqhygf nssnve* nuznq nenovna onorf onyyf onat onato* orng* orq oybbq obzo* oblgbl* oen oenf
oebgunf ohz ohzf ohgg ohggf pnapre purngvat pbpnvar pbecfr* penir penivat qngrobk qrnq qrngu qrnguf
qrcerff* qvr qvrq qvegv* qvegl qvfperrg qvfyvxrf qvibepr* qbzvang* qeht qehtqrnyre qehtf qehax* qhzo
qlvat rpfgn* rqehax rkcybfvi* snagnfvrf sng snggl sernx* tenz tenzf tha thaf unyynd ungr ungref ungvat
ungerq uryy urebva ubbpu ubggrfg ubhfrjvirf vasreany vfynz* wrex* xvyy xvyyrq xvyyre xvyyvat xvyyf xvff*
yvpx* ybire ybiref yhfg* znevwhnan znffntr* zngher zbecuvar zheqre* zhfyvz* anepbgvp* borl* bireqbfr
cnagf crr crrva cbffrffvba cerl cevaprff* cebcregl cflpub* chavfu* enaql fngvfsl funir* fynn* fynir*
fyrrcvatjvgu fzbxr fzbxrq fzbxre* fzbxrf fzbxvat fabt* fcnax* fcyvss* fdhveg* fgnyx* fgbarq fgevc fghcvq*
fhtneqnq* fjrne* greebe* gvterff gbathr* gbeghe* haqerff* jrrq jrg juvc* kpung
"""


def word_pattern(*lists):
    """A compiled pattern that finds any word of the lists in lower-case text."""
    words = codecs.decode(" ".join(lists), "rot13").split()
    return re.compile(r"\b(?:" + "|".join(word.replace("*", r"\w*") for word in words) + r")\b")
